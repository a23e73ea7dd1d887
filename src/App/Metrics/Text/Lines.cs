using System.Buffers;
using System.Globalization;
using System.Text;

namespace IngressController.App.Metrics.Text;

/// <summary>Writes the parts of a line.</summary>
internal readonly struct Lines(IBufferWriter<byte> output)
{
    private const double MostExact = 1L << 53;
    private const int LongestNumber = 32;

    public void Add(ReadOnlySpan<byte> text) => output.Write(text);

    public void Add(string text) => Encoding.UTF8.GetBytes(text, output);

    public void Add(long number)
    {
        number.TryFormat(output.GetSpan(LongestNumber), out var length, default, CultureInfo.InvariantCulture);
        output.Advance(length);
    }

    /// <summary>The shortest text that reads back as the same number; both formats spell the infinite ones so.</summary>
    public void Add(double number)
    {
        if (double.IsNaN(number))
        {
            Add("NaN"u8);
        }
        else if (double.IsInfinity(number))
        {
            Add(number > 0 ? "+Inf"u8 : "-Inf"u8);
        }
        else if (Math.Abs(number) < MostExact && number == Math.Truncate(number))
        {
            Add((long)number);
        }
        else
        {
            number.TryFormat(output.GetSpan(LongestNumber), out var length, "R", CultureInfo.InvariantCulture);
            output.Advance(length);
        }
    }
}
