using IngressController.Cluster;

namespace IngressController.Certificates.Acme.Dns.Messages;

/// <summary>A message of the DNS (RFC 1035 section 4), or of its updates (RFC 2136 section 2), whose sections have other names and the same shape.</summary>
/// <param name="Flags">The second word of the header: operation, answer, authority, code.</param>
/// <param name="Question">One; of an update the zone.</param>
internal sealed record DnsMessage(ushort Id, ushort Flags, DnsQuestion Question)
{
    public const ushort IsAnswer = 0x8000;
    private const ushort IsAuthoritativeFlag = 0x0400;
    private const ushort IsTruncated = 0x0200;
    private const ushort RecursionDesired = 0x0100;
    private const ushort Update = 5 << 11;

    public EquatableArray<DnsRecord> Answers { get; init; }

    /// <summary>Of an update: what changes.</summary>
    public EquatableArray<DnsRecord> Authority { get; init; }

    public DnsCode Code => (DnsCode)(Flags & 0xF);

    /// <summary>The server has the zone, and does not say what it has heard.</summary>
    public bool IsAuthoritative => (Flags & IsAuthoritativeFlag) != 0;

    public static DnsMessage Ask(string name, DnsType type) => new(NewId(), RecursionDesired, new(name, type));

    public static DnsMessage Change(string zone, params EquatableArray<DnsRecord> changes) => new(NewId(), Update, new(zone, DnsType.Soa)) { Authority = changes };

    /// <summary>Whether this answers the other.</summary>
    public bool Answered(DnsMessage asked) =>
        Id == asked.Id && (Flags & IsAnswer) != 0 && (Flags & IsTruncated) == 0 && ((Flags ^ asked.Flags) & (0xF << 11)) == 0 && (Question.IsNone || Question.Is(asked.Question));

    private static ushort NewId() => (ushort)Random.Shared.Next(ushort.MaxValue + 1);
}

/// <summary>For the class IN.</summary>
/// <param name="Name">Lower case, without a final dot; empty for the root.</param>
internal sealed record DnsQuestion(string Name, DnsType Type)
{
    /// <summary>Answers that only refuse may leave it out.</summary>
    public static DnsQuestion None { get; } = new("", 0);

    public bool IsNone => this == None;

    public bool Is(DnsQuestion other) => Type == other.Type && Name.Equals(other.Name, StringComparison.OrdinalIgnoreCase);
}

/// <param name="Name">As of <see cref="DnsQuestion"/>.</param>
/// <param name="Seconds">How long it may be kept.</param>
/// <param name="Body">As it is sent.</param>
internal sealed record DnsRecord(string Name, DnsType Type, DnsClass Class, uint Seconds, EquatableArray<byte> Body)
{
    /// <summary>Of a CNAME; empty for all others.</summary>
    public string Target { get; init; } = "";

    /// <summary>Of a TXT record: its strings, put together (RFC 1035 section 3.3.14).</summary>
    public string Text
    {
        get
        {
            var text = new System.Text.StringBuilder();
            for (var rest = Body.AsSpan(); !rest.IsEmpty && rest[0] < rest.Length; rest = rest[(1 + rest[0])..])
            {
                text.Append(System.Text.Encoding.Latin1.GetString(rest.Slice(1, rest[0])));
            }

            return text.ToString();
        }
    }

    /// <param name="class"><see cref="DnsClass.In"/> adds it, <see cref="DnsClass.None"/> removes it (RFC 2136 sections 2.5.1 and 2.5.4).</param>
    /// <param name="text">Up to 255 characters of ASCII.</param>
    public static DnsRecord Txt(string name, DnsClass @class, uint seconds, string text) =>
        new(name, DnsType.Txt, @class, seconds, [(byte)text.Length, .. System.Text.Encoding.ASCII.GetBytes(text)]);
}

/// <summary>RFC 1035 section 3.2.2 and RFC 8945.</summary>
internal enum DnsType : ushort
{
    Cname = 5,
    Soa = 6,
    Txt = 16,
    Tsig = 250,
}

internal enum DnsClass : ushort
{
    In = 1,
    None = 254,
    Any = 255,
}

/// <summary>RFC 1035 section 4.1.1, RFC 2136 section 2.2, RFC 8945 section 3.</summary>
internal enum DnsCode
{
    Done = 0,
    Malformed = 1,
    ServerFailure = 2,
    NoSuchName = 3,
    NotImplemented = 4,
    Refused = 5,
    NotAuthoritative = 9,
    NotInZone = 10,
    BadSignature = 16,
    BadKey = 17,
    BadTime = 18,
    BadTruncation = 22,
}
