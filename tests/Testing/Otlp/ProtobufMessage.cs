using System.Buffers.Binary;
using System.Text;

namespace IngressController.Testing.Otlp;

/// <summary>One message of protocol buffers, as https://protobuf.dev/programming-guides/encoding/ has it: its fields by number, in their order. Strict: what is cut off, too long or of an old kind is refused.</summary>
public sealed class ProtobufMessage
{
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    private readonly List<(int Field, ulong Number, byte[]? Bytes)> fields = [];

    /// <exception cref="InvalidDataException">It is none.</exception>
    public static ProtobufMessage Parse(ReadOnlySpan<byte> bytes)
    {
        var message = new ProtobufMessage();
        while (bytes.Length > 0)
        {
            var tag = Varint(ref bytes);
            var field = (int)(tag >> 3);
            if (field == 0)
            {
                throw new InvalidDataException("Field 0");
            }

            message.fields.Add((tag & 7) switch
            {
                0 => (field, Varint(ref bytes), null),
                1 => (field, BinaryPrimitives.ReadUInt64LittleEndian(Take(ref bytes, 8)), null),
                2 => (field, 0, Take(ref bytes, Varint(ref bytes)).ToArray()),
                5 => (field, BinaryPrimitives.ReadUInt32LittleEndian(Take(ref bytes, 4)), null),
                var kind => throw new InvalidDataException($"Wire type {kind} of field {field}"),
            });
        }

        return message;
    }

    public bool Has(int field) => fields.Exists(item => item.Field == field);

    public IEnumerable<ProtobufMessage> Messages(int field) => All(field).Select(bytes => Parse(bytes));

    /// <summary>Empty where it is not there, as the format has it.</summary>
    public string Text(int field) => All(field).LastOrDefault() is { } bytes ? Utf8.GetString(bytes) : "";

    /// <summary>0 where it is not there.</summary>
    public ulong Number(int field) => fields.LastOrDefault(item => item.Field == field && item.Bytes is null).Number;

    public double Real(int field) => BitConverter.UInt64BitsToDouble(Number(field));

    public byte[] Bytes(int field) => All(field).LastOrDefault() ?? [];

    /// <summary>Numbers of 64 bits, packed.</summary>
    public IEnumerable<ulong> Packed(int field) =>
        All(field).SelectMany(bytes => bytes.Chunk(8)).Select(chunk => BinaryPrimitives.ReadUInt64LittleEndian(chunk));

    private IEnumerable<byte[]> All(int field) => fields.Where(item => item.Field == field).Select(item => item.Bytes ?? throw new InvalidDataException($"Field {field} is a number"));

    private static ulong Varint(ref ReadOnlySpan<byte> bytes)
    {
        ulong number = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Take(ref bytes, 1)[0];
            number |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return number;
            }
        }

        throw new InvalidDataException("A number of more than 64 bits");
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> bytes, ulong count)
    {
        if (count > (ulong)bytes.Length)
        {
            throw new InvalidDataException($"{count} bytes are announced and {bytes.Length} are there");
        }

        var taken = bytes[..(int)count];
        bytes = bytes[(int)count..];
        return taken;
    }
}
