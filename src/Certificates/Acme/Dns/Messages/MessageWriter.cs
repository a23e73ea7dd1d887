using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace IngressController.Certificates.Acme.Dns.Messages;

/// <summary>Writes messages, without compression.</summary>
internal sealed class MessageWriter
{
    private const int LongestLabel = 63;
    private const int LongestName = 255;

    private readonly ArrayBufferWriter<byte> bytes = new();

    public byte[] ToArray() => bytes.WrittenSpan.ToArray();

    public static byte[] Write(DnsMessage message)
    {
        var writer = new MessageWriter();
        writer.Number(message.Id);
        writer.Number(message.Flags);
        writer.Number(1);
        writer.Number((ushort)message.Answers.Count);
        writer.Number((ushort)message.Authority.Count);
        writer.Number(0);
        writer.Name(message.Question.Name);
        writer.Number((ushort)message.Question.Type);
        writer.Number((ushort)DnsClass.In);
        foreach (var record in (IEnumerable<DnsRecord>)[.. message.Answers, .. message.Authority])
        {
            writer.Record(record);
        }

        return writer.ToArray();
    }

    public void Record(DnsRecord record)
    {
        Name(record.Name);
        Number((ushort)record.Type);
        Number((ushort)record.Class);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.GetSpan(4), record.Seconds);
        bytes.Advance(4);
        Number((ushort)record.Body.Count);
        Bytes(record.Body.AsSpan());
    }

    /// <summary>In lower case, which is the form that is signed (RFC 8945 section 4.3.3).</summary>
    /// <exception cref="IOException">It is no name.</exception>
    public void Name(string name)
    {
        var start = bytes.WrittenCount;
        foreach (var label in name.Length == 0 ? [] : name.ToLowerInvariant().Split('.'))
        {
            if (label.Length is 0 or > LongestLabel || !Ascii.IsValid(label))
            {
                throw new IOException($"{name} is no name of the DNS");
            }

            Byte((byte)label.Length);
            Bytes(Encoding.ASCII.GetBytes(label));
        }

        Byte(0);
        if (bytes.WrittenCount - start > LongestName)
        {
            throw new IOException($"{name} is longer than names of the DNS can be");
        }
    }

    public void Byte(byte value) => Bytes([value]);

    public void Number(ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(bytes.GetSpan(2), value);
        bytes.Advance(2);
    }

    public void Bytes(ReadOnlySpan<byte> value) => bytes.Write(value);
}
