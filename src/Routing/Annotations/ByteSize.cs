using System.Globalization;

namespace IngressController.Routing.Annotations;

/// <summary>Sizes as nginx writes them: <c>8m</c>, <c>512k</c>, <c>1g</c>, bytes without a letter.</summary>
public static class ByteSize
{
    /// <returns>Bytes; <see cref="long.MaxValue"/> for 0, which means no limit; null where it is no size.</returns>
    public static long? Read(string text)
    {
        var unit = text.Length == 0 ? 1 : char.ToLowerInvariant(text[^1]) switch { 'k' => 1L << 10, 'm' => 1L << 20, 'g' => 1L << 30, _ => 1L };
        return !long.TryParse(unit == 1 ? text : text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count > long.MaxValue / unit ? null
            : count == 0 ? long.MaxValue
            : count * unit;
    }
}
