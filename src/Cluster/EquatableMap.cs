using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace IngressController.Cluster;

/// <summary>An immutable map with ordinal string keys, kept sorted; compares by its entries.</summary>
/// <remarks>The default value is the empty map. Lookup is a binary search: labels, annotations and data are small.</remarks>
public readonly struct EquatableMap<TValue> : IEquatable<EquatableMap<TValue>>, IReadOnlyCollection<KeyValuePair<string, TValue>>
{
    private readonly EquatableArray<KeyValuePair<string, TValue>> entries;

    internal EquatableMap(EquatableArray<KeyValuePair<string, TValue>> sorted) => entries = sorted;

    public static EquatableMap<TValue> Empty => default;

    public int Count => entries.Count;

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out TValue value)
    {
        var (low, high) = (0, entries.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var order = string.CompareOrdinal(entries[middle].Key, key);
            if (order == 0)
            {
                value = entries[middle].Value;
                return true;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        value = default;
        return false;
    }

    public TValue? GetValueOrDefault(string key) => TryGetValue(key, out var value) ? value : default;

    public bool Equals(EquatableMap<TValue> other) => entries == other.entries;

    public override bool Equals(object? obj) => obj is EquatableMap<TValue> other && Equals(other);

    public override int GetHashCode() => entries.GetHashCode();

    public override string ToString() => entries.ToString();

    public ReadOnlySpan<KeyValuePair<string, TValue>>.Enumerator GetEnumerator() => entries.GetEnumerator();

    IEnumerator<KeyValuePair<string, TValue>> IEnumerable<KeyValuePair<string, TValue>>.GetEnumerator() =>
        ((IEnumerable<KeyValuePair<string, TValue>>)entries).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => ((IEnumerable)entries).GetEnumerator();

    public static bool operator ==(EquatableMap<TValue> left, EquatableMap<TValue> right) => left.Equals(right);

    public static bool operator !=(EquatableMap<TValue> left, EquatableMap<TValue> right) => !left.Equals(right);
}

/// <summary>Makes <see cref="EquatableMap{TValue}"/> from pairs.</summary>
public static class EquatableMap
{
    /// <summary>The last value wins where a key occurs twice, as in a JSON object.</summary>
    public static EquatableMap<TValue> ToEquatableMap<TValue>(this IEnumerable<KeyValuePair<string, TValue>> pairs)
    {
        var sorted = new SortedDictionary<string, TValue>(StringComparer.Ordinal);
        foreach (var (key, value) in pairs)
        {
            sorted[key] = value;
        }

        return new(sorted.ToEquatableArray());
    }
}
