namespace IngressController.Cluster;

/// <summary>
/// Makes equal short texts one object, mostly: namespaces, label keys, ports, zones and nodes stand in thousands of objects. A table of fixed size in which
/// a newcomer takes the place of whoever was there, so it neither grows with what people write nor needs a lock.
/// </summary>
public static class SharedText
{
    /// <summary>Longer texts seldom occur twice.</summary>
    public const int LongestLength = 96;

    private static readonly string?[] Known = new string?[1 << 15];

    public static string Of(ReadOnlySpan<char> text)
    {
        if (text.Length > LongestLength)
        {
            return text.ToString();
        }

        ref var place = ref Known[string.GetHashCode(text) & (Known.Length - 1)];
        var known = place;
        return known is not null && text.SequenceEqual(known) ? known : place = text.ToString();
    }
}
