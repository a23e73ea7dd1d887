using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using IngressController.Kubernetes.Manifests.Validation;
using IngressController.Testing.ApiServer.Storage;

namespace IngressController.Testing.ApiServer.Reading;

/// <summary>Where the next page begins (apiserver's storage/continue.go).</summary>
/// <param name="Revision">The revision that all pages show; -1 for whatever is latest.</param>
/// <param name="Start">The first key that may stand on the page, without the namespace where that is in the path.</param>
internal sealed record ContinueToken(long Revision, string Start)
{
    private const string Version = "meta.k8s.io/v1";
    private const string Wrong = "invalid continue token: continue key is not valid: ";

    /// <summary>The page after that object.</summary>
    public static ContinueToken After(StoredObject last, string @namespace, long revision) => new(revision, $"{last.Key[PrefixLength(@namespace)..]}\0");

    /// <exception cref="ApiFailure">400: no token of ours.</exception>
    public static ContinueToken Parse(string text)
    {
        var json = Decode(text);
        try
        {
            using var document = JsonDocument.Parse(json);
            var token = document.RootElement;
            var version = token.GetProperty("v").GetString();
            return version == Version
                ? new(token.GetProperty("rv").GetInt64(), token.GetProperty("start").GetString()!)
                : throw ApiFailure.BadRequest($"{Wrong}server does not recognize this encoded version {GoText.Quote(version ?? "")}");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            var first = GoText.Quote(((char)json.FirstOrDefault()).ToString())[1..^1];
            throw ApiFailure.BadRequest($"{Wrong}invalid character '{first}' looking for beginning of value");
        }
    }

    /// <summary>For the rest of a list whose revision is gone; the real server leaves out the first slash here.</summary>
    public ContinueToken Inconsistent() => new(-1, Start.TrimStart('/'));

    public bool Includes(StoredObject item, string @namespace) =>
        string.CompareOrdinal(item.Key[PrefixLength(@namespace)..], $"/{Start.TrimStart('/')}") >= 0;

    public override string ToString() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(
        $$"""{"v":"{{Version}}","rv":{{Revision}},"start":{{JsonSerializer.Serialize(Start)}}}"""));

    /// <summary>As Go decodes base64: bits that are left over do not matter.</summary>
    private static byte[] Decode(string text)
    {
        var length = text.TakeWhile(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_').Count();
        return length == text.Length && length % 4 != 1
            ? Convert.FromBase64String(text.Replace('-', '+').Replace('_', '/').PadRight((length + 3) / 4 * 4, '='))
            : throw ApiFailure.BadRequest($"{Wrong}illegal base64 data at input byte {length}");
    }

    private static int PrefixLength(string @namespace) => @namespace.Length == 0 ? 0 : @namespace.Length + 1;
}
