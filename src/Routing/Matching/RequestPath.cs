namespace IngressController.Routing.Matching;

/// <summary>What to do with a request's path.</summary>
public enum PathVerdict
{
    /// <summary>The path is in normal form and may be matched.</summary>
    Ok,

    /// <summary>No path: the target is <c>*</c> or an authority.</summary>
    NotAPath,

    /// <summary>A broken percent-encoding, an encoded NUL, or dot segments that climb above the root: 400.</summary>
    Malformed,
}

/// <summary>
/// The path of a request target in the normal form in which it is matched. docs/paths.md is the written policy. The target itself is forwarded as it came.
/// </summary>
public static class RequestPath
{
    /// <summary>Characters that a normalised path may need: as many as the target has.</summary>
    public static PathVerdict Normalize(ReadOnlySpan<char> target, Span<char> buffer, out ReadOnlySpan<char> path) => throw new NotImplementedException();
}
