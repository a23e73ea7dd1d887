using IngressController.Certificates.Acme.Dns.Messages;

namespace IngressController.Certificates.Acme.Dns;

/// <summary>A name server that takes updates (RFC 2136), signed where there is a key (RFC 8945). It is asked itself which of its zones a name belongs to.</summary>
internal sealed class UpdateHook(DnsServer server, TimeProvider time) : IDnsHook
{
    private const uint SecondsToKeep = 60;
    private const int MostAliases = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly NameServer server = new(server, time);

    public async Task PresentAsync(TxtRecord record, CancellationToken cancellationToken)
    {
        var name = await OwnerAsync(record.Name, cancellationToken);
        await ChangeAsync(DnsRecord.Txt(name, DnsClass.In, SecondsToKeep, record.Value), cancellationToken);
        await SeenAsync(name, record.Value, cancellationToken);
    }

    public async Task CleanUpAsync(TxtRecord record, CancellationToken cancellationToken) =>
        await ChangeAsync(DnsRecord.Txt(await OwnerAsync(record.Name, cancellationToken), DnsClass.None, seconds: 0, record.Value), cancellationToken);

    /// <summary>Where the record has to stand: authorities follow aliases, so that a zone that nobody may change can leave its challenges to another.</summary>
    private async Task<string> OwnerAsync(string name, CancellationToken cancellationToken)
    {
        for (var count = 0; count < MostAliases; count++)
        {
            var answer = await server.AskAsync(DnsMessage.Ask(name, DnsType.Cname), cancellationToken);
            if (answer.Answers.FirstOrDefault(record => record.Type == DnsType.Cname && record.Name == name) is not { } alias)
            {
                return name;
            }

            name = alias.Target;
        }

        throw new IOException($"{server}: {name} is an alias of an alias, {MostAliases} times");
    }

    private async Task ChangeAsync(DnsRecord change, CancellationToken cancellationToken)
    {
        var zone = await ZoneAsync(change.Name, cancellationToken);
        var answer = await server.AskAsync(DnsMessage.Change(zone, change), cancellationToken);
        if (answer.Code != DnsCode.Done)
        {
            throw new IOException($"{server} does not change {change.Name} in zone {zone}: {Words(answer.Code)}");
        }
    }

    /// <summary>The longest end of the name for which the server has a start of authority.</summary>
    private async Task<string> ZoneAsync(string name, CancellationToken cancellationToken)
    {
        var code = DnsCode.Done;
        for (var zone = name; zone.Length > 0; zone = zone.IndexOf('.', StringComparison.Ordinal) is >= 0 and var dot ? zone[(dot + 1)..] : "")
        {
            var answer = await server.AskAsync(DnsMessage.Ask(zone, DnsType.Soa), cancellationToken);
            if (answer.IsAuthoritative && answer.Answers.Any(record => record.Type == DnsType.Soa && record.Name == zone))
            {
                return zone;
            }

            code = answer.Code;
        }

        throw new IOException($"{server} has no zone with {name}{(code == DnsCode.Done ? "" : $": {Words(code)}")}");
    }

    private async Task SeenAsync(string name, string value, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            var answer = await server.AskAsync(DnsMessage.Ask(name, DnsType.Txt), cancellationToken);
            if (answer.Answers.Any(record => record.Type == DnsType.Txt && record.Name == name && record.Text == value))
            {
                return;
            }

            if (time.GetElapsedTime(started) > Patience)
            {
                throw new IOException($"{server} took the record for {name}, and does not show it after {Patience.TotalSeconds:0} s");
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    private static string Words(DnsCode code) => code switch
    {
        DnsCode.Refused => "it refuses (REFUSED); its policy for updates decides who may change what",
        DnsCode.NotAuthoritative => "it says that it may not (NOTAUTH)",
        DnsCode.ServerFailure => "it failed (SERVFAIL); its log says why",
        DnsCode.NotImplemented => "it knows no updates (NOTIMP)",
        DnsCode.NoSuchName => "there is no such name (NXDOMAIN)",
        _ => $"it answers {code}",
    };
}
