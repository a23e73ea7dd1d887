using System.Text;
using Microsoft.Extensions.Primitives;

namespace IngressController.Proxy.Observing;

/// <summary>Who a client says it is by Basic authentication (RFC 7617), read as nginx reads it for <c>$remote_user</c>. The password never leaves this method.</summary>
internal static class BasicUser
{
    private const string Scheme = "Basic ";
    private const int LongestCredentials = 1024;

    /// <summary>
    /// The user name, a character for a byte; empty where there is none. Who sends a token sends it as a user without a password, or with the one that says so:
    /// such a name is a secret, and <c>***</c> here.
    /// </summary>
    public static string Of(StringValues authorization)
    {
        if (authorization is not [{ Length: <= LongestCredentials } sent, ..] || !sent.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return "";
        }

        Span<byte> decoded = stackalloc byte[LongestCredentials];
        if (!Convert.TryFromBase64Chars(sent.AsSpan(Scheme.Length).Trim(' '), decoded, out var length))
        {
            return "";
        }

        var colon = decoded[..length].IndexOf((byte)':');
        if (colon <= 0)
        {
            return "";
        }

        var password = decoded[(colon + 1)..length];
        return password.IsEmpty || password.SequenceEqual("x-oauth-basic"u8) ? SecretParameters.Hidden : Encoding.Latin1.GetString(decoded[..colon]);
    }
}
