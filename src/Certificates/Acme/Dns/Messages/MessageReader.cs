using System.Buffers.Binary;
using System.Text;
using IngressController.Cluster;

namespace IngressController.Certificates.Acme.Dns.Messages;

/// <summary>Reads messages.</summary>
internal ref struct MessageReader(ReadOnlySpan<byte> message)
{
    private const int HeaderLength = 12;

    /// <summary>RFC 1035 section 2.3.4; also what ends names that point to themselves.</summary>
    private const int LongestName = 255;

    private readonly ReadOnlySpan<byte> message = message;
    private int place;

    /// <param name="signature">The last record where that is a TSIG (RFC 8945 section 5.1); null: there is none.</param>
    /// <param name="signed">Length of the part before it.</param>
    /// <exception cref="IOException">It is no message.</exception>
    public static DnsMessage Read(ReadOnlySpan<byte> message, out DnsRecord? signature, out int signed)
    {
        try
        {
            return new MessageReader(message).Read(out signature, out signed);
        }
        catch (ArgumentOutOfRangeException)
        {
            throw Malformed(); // some length leads beyond the end
        }
    }

    /// <summary>RFC 8945 section 4.2.</summary>
    /// <exception cref="IOException">It is no signature.</exception>
    public static TsigFields ReadSignature(DnsRecord record)
    {
        try
        {
            return new MessageReader(record.Body.AsSpan()).Signature();
        }
        catch (ArgumentOutOfRangeException)
        {
            throw Malformed();
        }
    }

    private DnsMessage Read(out DnsRecord? signature, out int signed)
    {
        var (id, flags, questions, answers, authority, additional) = (Number(), Number(), Number(), Number(), Number(), Number());
        var question = DnsQuestion.None;
        for (var count = 0; count < questions; count++)
        {
            question = new(Name(), (DnsType)Number());
            Number(); // class
        }

        var read = new DnsMessage(id, flags, question) { Answers = Records(answers), Authority = Records(authority) };
        (signature, signed) = (null, message.Length);
        for (var count = 0; count < additional; count++)
        {
            var (start, record) = (place, Record());
            if (record.Type == DnsType.Tsig)
            {
                (signature, signed) = count == additional - 1 && place == message.Length ? (record, start) : throw Malformed();
            }
        }

        return read;
    }

    private TsigFields Signature()
    {
        var (algorithm, high, low, fudge) = (Name(), Number(), BinaryPrimitives.ReadUInt32BigEndian(Bytes(4)), Number());
        var mac = EquatableArray.Create(Bytes(Number()));
        var (id, error) = (Number(), Number());
        return new(algorithm, ((long)high << 32) | low, fudge, error, EquatableArray.Create(Bytes(Number()))) { Mac = mac, Id = id };
    }

    private EquatableArray<DnsRecord> Records(int count)
    {
        var records = new List<DnsRecord>();
        for (; count > 0; count--)
        {
            records.Add(Record());
        }

        return records.ToEquatableArray();
    }

    private DnsRecord Record()
    {
        var (name, type, @class) = (Name(), (DnsType)Number(), (DnsClass)Number());
        var seconds = BinaryPrimitives.ReadUInt32BigEndian(Bytes(4));
        var length = Number();
        var (start, target) = (place, type == DnsType.Cname ? Name() : "");
        place = start;
        return new(name, type, @class, seconds, EquatableArray.Create(Bytes(length))) { Target = target };
    }

    private ushort Number() => BinaryPrimitives.ReadUInt16BigEndian(Bytes(2));

    private ReadOnlySpan<byte> Bytes(int count)
    {
        var part = message.Slice(place, count);
        place += count;
        return part;
    }

    /// <summary>RFC 1035 section 4.1.4.</summary>
    private string Name()
    {
        var (labels, after, left) = (new List<string>(), -1, LongestName);
        while (Bytes(1)[0] is > 0 and var length)
        {
            switch (length >> 6)
            {
                case 0 when (left -= length + 1) > 0:
                    labels.Add(Encoding.Latin1.GetString(Bytes(length)));
                    break;
                case 3 when --left > 0:
                    var target = ((length & 0x3F) << 8) | Bytes(1)[0];
                    (after, place) = (after < 0 ? place : after, target < HeaderLength ? throw Malformed() : target);
                    break;
                default:
                    throw Malformed();
            }
        }

        place = after < 0 ? place : after;
        return string.Join('.', labels).ToLowerInvariant();
    }

    private static IOException Malformed() => new("it sends something that is no message of the DNS");
}
