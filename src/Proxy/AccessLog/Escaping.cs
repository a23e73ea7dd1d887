using System.Buffers;
using System.Text;

namespace IngressController.Proxy.AccessLog;

/// <summary>How text that others have chosen is written, so that none of it can be taken for a line, a field or a command to a terminal.</summary>
internal sealed class Escaping
{
    private const string VisibleButQuotes =
        "!#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~";

    private readonly bool isJson;

    private Escaping(string plain, bool isJson) => (Plain, this.isJson) = (SearchValues.Create(plain), isJson);

    /// <summary>For fields that spaces separate: <c>\xNN</c> for spaces, too.</summary>
    public static Escaping Fields { get; } = new(VisibleButQuotes, isJson: false);

    /// <summary>nginx's default: <c>\xNN</c> for quotes, backslashes, control characters and all bytes beyond ASCII.</summary>
    public static Escaping Nginx { get; } = new(VisibleButQuotes + " ", isJson: false);

    /// <summary>For the inside of a string in JSON (RFC 8259 section 7).</summary>
    public static Escaping Json { get; } = new(VisibleButQuotes + " ", isJson: true);

    /// <summary>What is written as it is.</summary>
    public SearchValues<char> Plain { get; }

    /// <summary>What stands for a value that is not there.</summary>
    public ReadOnlySpan<byte> Missing => isJson ? ""u8 : "-"u8;

    public void WriteEscaped(char character, LineBuffer line)
    {
        if (isJson)
        {
            WriteJson(character, line);
        }
        else if (character < 0x100)
        {
            WriteByte((byte)character, line); // headers are read as Latin-1: a character is a byte
        }
        else
        {
            Span<byte> bytes = stackalloc byte[4];
            foreach (var one in bytes[..Encoding.UTF8.GetBytes([character], bytes)])
            {
                WriteByte(one, line);
            }
        }
    }

    private static void WriteByte(byte value, LineBuffer line)
    {
        line.Add("\\x"u8);
        line.AddHexadecimal(value);
    }

    private static void WriteJson(char character, LineBuffer line)
    {
        var brief = character switch
        {
            '"' => (byte)'"',
            '\\' => (byte)'\\',
            '\n' => (byte)'n',
            '\r' => (byte)'r',
            '\t' => (byte)'t',
            '\b' => (byte)'b',
            '\f' => (byte)'f',
            _ => (byte)0,
        };
        line.Add((byte)'\\');
        if (brief != 0)
        {
            line.Add(brief);
            return;
        }

        line.Add((byte)'u');
        line.AddHexadecimal((byte)(character >> 8));
        line.AddHexadecimal((byte)character);
    }
}
