using System.Buffers;

namespace IngressController.Routing.Matching;

/// <summary>Requests by which a certificate authority looks whether a host is ours (RFC 8555 section 8.3). They come in cleartext, are not redirected, and need no client certificate.</summary>
public static class AcmeChallenge
{
    private const string Path = "/.well-known/acme-challenge/";

    private static readonly SearchValues<char> TokenCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");

    /// <summary>Nothing but a token may follow: whatever else is below that path may be a way to another one.</summary>
    /// <param name="target">In origin form.</param>
    public static bool IsMeantBy(ReadOnlySpan<char> target) =>
        target.StartsWith(Path, StringComparison.Ordinal) && target.Length > Path.Length && !target[Path.Length..].ContainsAnyExcept(TokenCharacters);

    /// <param name="target">One that <see cref="IsMeantBy"/>.</param>
    public static ReadOnlySpan<char> TokenOf(ReadOnlySpan<char> target) => target[Path.Length..];
}
