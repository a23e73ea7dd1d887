using System.Buffers.Text;
using System.Net;
using System.Text;

namespace IngressController.Proxy.AccessLog;

/// <summary>Where lines are written before they go out together. Its numbers and times cost no allocation.</summary>
/// <param name="zone">Of local times.</param>
/// <param name="size">Bytes that it has room for at first.</param>
internal sealed class LineBuffer(TimeZoneInfo zone, int size)
{
    /// <summary>Characters of one text; of a longer one the rest is left out, and <c>...</c> says so. Requests have no longer ones unless the limits were raised.</summary>
    public const int LongestText = 8 * 1024;

    /// <summary>Usual room for lines that go out together: what the garbage collector does not yet take for a big object.</summary>
    public const int BatchSize = 80 * 1024;

    /// <summary>With the offset that a local time has.</summary>
    private const int LongestTime = 33;

    /// <summary>So many times its first size a buffer keeps when it is emptied.</summary>
    private const int Kept = 40;

    private byte[] bytes = new byte[size];

    public int Count { get; private set; }

    public ReadOnlyMemory<byte> Written => bytes.AsMemory(0, Count);

    /// <summary>Makes it empty, and small again where it has become very big.</summary>
    public void Clear()
    {
        Count = 0;
        if (bytes.Length > Kept * size)
        {
            bytes = new byte[size];
        }
    }

    public void Add(byte character)
    {
        Room(1)[0] = character;
        Count++;
    }

    public void Add(ReadOnlySpan<byte> text)
    {
        text.CopyTo(Room(text.Length));
        Count += text.Length;
    }

    public void AddNumber(long value)
    {
        Utf8Formatter.TryFormat(value, Room(20), out var length);
        Count += length;
    }

    /// <summary>1234 as <c>1.234</c>.</summary>
    public void AddThousandths(long value)
    {
        var (whole, rest) = Math.DivRem(Math.Max(value, 0), 1000);
        AddNumber(whole);
        Add((byte)'.');
        AddDigits((int)rest, 3);
    }

    /// <summary>The lowest so many digits, with zeros in front.</summary>
    public void AddDigits(int value, int count)
    {
        var room = Room(count);
        for (var index = count - 1; index >= 0; index--)
        {
            (value, var digit) = Math.DivRem(value, 10);
            room[index] = (byte)('0' + digit);
        }

        Count += count;
    }

    public void AddHexadecimal(byte value)
    {
        var room = Room(2);
        (room[0], room[1]) = ("0123456789ABCDEF"u8[value >> 4], "0123456789ABCDEF"u8[value & 15]);
        Count += 2;
    }

    public void AddAddress(IPAddress address)
    {
        address.TryFormat(Room(65), out var length);
        Count += length;
    }

    public void AddText(ReadOnlySpan<char> text, Escaping escaping)
    {
        if (text.IsEmpty)
        {
            return;
        }

        var rest = text.Length > LongestText ? text[..LongestText] : text;
        while (true)
        {
            var plain = rest.IndexOfAnyExcept(escaping.Plain);
            plain = plain < 0 ? rest.Length : plain;
            Count += Encoding.ASCII.GetBytes(rest[..plain], Room(plain));
            if (plain == rest.Length)
            {
                break;
            }

            escaping.WriteEscaped(rest[plain], this);
            rest = rest[(plain + 1)..];
        }

        if (text.Length > LongestText)
        {
            Add("..."u8);
        }
    }

    /// <summary><c>2026-11-03T10:00:00.1234567</c>, with so many digits after the point.</summary>
    public void AddTime(DateTime time, int fractions)
    {
        Utf8Formatter.TryFormat(time, Room(LongestTime), out _, 'O');
        Count += "2026-11-03T10:00:00".Length + (fractions > 0 ? ".".Length + fractions : 0);
    }

    /// <summary><c>10:00:00</c></summary>
    public void AddTimeOfDay(DateTime time)
    {
        AddDigits(time.Hour, 2);
        Add((byte)':');
        AddDigits(time.Minute, 2);
        Add((byte)':');
        AddDigits(time.Second, 2);
    }

    /// <summary><c>+0100</c>, or with a colon.</summary>
    public void AddOffset(TimeSpan offset, ReadOnlySpan<byte> separator)
    {
        Add(offset < TimeSpan.Zero ? (byte)'-' : (byte)'+');
        AddDigits(Math.Abs(offset.Hours), 2);
        Add(separator);
        AddDigits(Math.Abs(offset.Minutes), 2);
    }

    public DateTimeOffset Local(DateTimeOffset time) => TimeZoneInfo.ConvertTime(time, zone);

    private Span<byte> Room(int size)
    {
        if (bytes.Length - Count < size)
        {
            Array.Resize(ref bytes, Math.Max(bytes.Length * 2, Count + size));
        }

        return bytes.AsSpan(Count);
    }
}
