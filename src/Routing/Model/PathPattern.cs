namespace IngressController.Routing.Model;

public enum PathKind
{
    /// <summary>The path and nothing else.</summary>
    Exact,

    /// <summary>The path and everything below it, by whole elements. ImplementationSpecific paths are this too.</summary>
    Prefix,
}

/// <summary>
/// What a rule asks of the path, in the normal form in which requests are matched (<see cref="Matching.RequestPath"/>). Patterns of one host are
/// ordered by precedence: more elements first, then Exact before Prefix, then the longer text (so <c>/foo/</c> before <c>/foo</c>).
/// </summary>
/// <param name="Text">As written in the rule, percent-decoded; <c>/</c> where the rule has no path.</param>
public readonly record struct PathPattern(PathKind Kind, string Text) : IComparable<PathPattern>
{
    /// <summary>The text without trailing slashes: what a request's path must equal or continue at a slash. Empty for <c>/</c>.</summary>
    public string Prefix => Text.TrimEnd('/');

    /// <summary>The number of elements, split at slashes: 0 for <c>/</c>, 2 for <c>/a/b</c> and <c>/a/b/</c>.</summary>
    public int ElementCount
    {
        get
        {
            var prefix = Text.AsSpan().TrimEnd('/');
            return prefix.Count('/');
        }
    }

    public bool Matches(ReadOnlySpan<char> path)
    {
        if (Kind == PathKind.Exact)
        {
            return path.SequenceEqual(Text);
        }

        var prefix = Text.AsSpan().TrimEnd('/');
        return path.StartsWith(prefix, StringComparison.Ordinal) && (path.Length == prefix.Length || path[prefix.Length] == '/');
    }

    public int CompareTo(PathPattern other)
    {
        var order = other.ElementCount.CompareTo(ElementCount);
        order = order != 0 ? order : Kind.CompareTo(other.Kind);
        order = order != 0 ? order : other.Text.Length.CompareTo(Text.Length);
        return order != 0 ? order : string.CompareOrdinal(Text, other.Text);
    }

    public override string ToString() => $"{Kind} {Text}";

    public static bool operator <(PathPattern left, PathPattern right) => left.CompareTo(right) < 0;

    public static bool operator >(PathPattern left, PathPattern right) => left.CompareTo(right) > 0;

    public static bool operator <=(PathPattern left, PathPattern right) => left.CompareTo(right) <= 0;

    public static bool operator >=(PathPattern left, PathPattern right) => left.CompareTo(right) >= 0;
}
