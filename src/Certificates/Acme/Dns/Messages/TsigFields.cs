using System.Buffers.Binary;
using IngressController.Cluster;

namespace IngressController.Certificates.Acme.Dns.Messages;

/// <summary>What a TSIG record says (RFC 8945 section 4.2).</summary>
/// <param name="Moment">When it was signed, in seconds since 1970.</param>
/// <param name="Fudge">Seconds that the clocks of both may differ.</param>
/// <param name="Error">A <see cref="DnsCode"/> about the signature of the question; 0 in questions.</param>
/// <param name="Other">The server's time where the clocks differ.</param>
internal sealed record TsigFields(string Algorithm, long Moment, ushort Fudge, ushort Error, EquatableArray<byte> Other)
{
    public EquatableArray<byte> Mac { get; init; }

    /// <summary>Of the message when it was signed.</summary>
    public ushort Id { get; init; }

    /// <summary>As sent.</summary>
    public EquatableArray<byte> ToBody()
    {
        var body = new MessageWriter();
        body.Name(Algorithm);
        WriteTime(body);
        body.Number((ushort)Mac.Count);
        body.Bytes(Mac.AsSpan());
        body.Number(Id);
        WriteError(body);
        return body.ToArray().ToEquatableArray();
    }

    /// <summary>As signed (section 4.3.3).</summary>
    public void WriteVariables(MessageWriter digested, string key)
    {
        digested.Name(key);
        digested.Number((ushort)DnsClass.Any);
        digested.Bytes([0, 0, 0, 0]); // time to live
        digested.Name(Algorithm);
        WriteTime(digested);
        WriteError(digested);
    }

    private void WriteTime(MessageWriter writer)
    {
        Span<byte> moment = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(moment, Moment);
        writer.Bytes(moment[2..]);
        writer.Number(Fudge);
    }

    private void WriteError(MessageWriter writer)
    {
        writer.Number(Error);
        writer.Number((ushort)Other.Count);
        writer.Bytes(Other.AsSpan());
    }
}
