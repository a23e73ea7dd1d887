using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace IngressController.Proxy.Observing;

/// <summary>
/// What must not be shown of a target or of a Referer: the values of query parameters that are secrets by their names, and passwords in front of a host.
/// A secret in the path itself cannot be told from a name.
/// </summary>
public static class SecretParameters
{
    /// <summary>What stands for a secret.</summary>
    public const string Hidden = "***";

    private const int LongestName = 128;

    private static readonly string[] All =
    [
        "accesskey", "accesstoken", "apikey", "apitoken", "assertion", "auth", "authcode", "authkey", "authorization", "authtoken", "bearer", "bearertoken",
        "clientassertion", "clientsecret", "code", "codeverifier", "credential", "credentials", "csrf", "csrftoken", "devicecode", "hmac", "idtoken", "idtokenhint", "jwt", "key",
        "magic", "newpassword", "oauthtoken", "oauthverifier", "oldpassword", "otp", "pass", "passcode", "passphrase", "passwd", "password", "passwordconfirmation",
        "pin", "privatekey", "privatetoken", "pwd", "refreshtoken", "resettoken", "samlresponse", "secret", "secretkey", "securitytoken", "session", "sessionid",
        "sessionkey", "sessiontoken", "sid", "sig", "sign", "signature", "subscriptionkey", "ticket", "token", "totp", "usertoken", "verificationcode", "verifier", "webhooksecret",
        "xamzcredential", "xamzsecuritytoken", "xamzsignature", "xapikey", "xgoogcredential", "xgoogsignature",
    ];

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Known = All.ToFrozenSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The names, in small letters and without anything between their words.</summary>
    public static IReadOnlyList<string> Names => All;

    /// <summary>The text with <see cref="Hidden"/> for its secrets; the same instance where it has none.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Hide(string? text)
    {
        if (text is null || text.AsSpan().IndexOfAny('?', '@') < 0)
        {
            return text;
        }

        StringBuilder? shown = null;
        var copied = 0;
        var question = text.IndexOf('?', StringComparison.Ordinal);
        HidePassword(text, question < 0 ? text.Length : question, ref shown, ref copied);
        for (var start = question + 1; question >= 0 && start < text.Length;)
        {
            var rest = text.AsSpan(start);
            var length = rest.IndexOfAny('&', ';');
            length = length < 0 ? rest.Length : length;
            var equals = rest[..length].IndexOf('=');
            if (equals >= 0 && equals + 1 < length && IsSecret(rest[..equals]))
            {
                Replace(text, start + equals + 1, start + length, ref shown, ref copied);
            }

            start += length + 1;
        }

        return shown is null ? text : shown.Append(text, copied, text.Length - copied).ToString();
    }

    /// <summary><c>https://user:password@host/</c> (RFC 3986 section 3.2.1), which no browser sends, but somebody may.</summary>
    private static void HidePassword(string text, int end, ref StringBuilder? shown, ref int copied)
    {
        var scheme = text.AsSpan(0, end).IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0)
        {
            return;
        }

        var authority = text.AsSpan(scheme + 3, end - scheme - 3);
        var slash = authority.IndexOf('/');
        authority = slash < 0 ? authority : authority[..slash];
        var at = authority.LastIndexOf('@');
        if (at > 0)
        {
            var colon = authority[..at].IndexOf(':');
            Replace(text, scheme + 3 + colon + 1, scheme + 3 + at, ref shown, ref copied); // all of it where there is no colon: a token
        }
    }

    private static void Replace(string text, int from, int to, ref StringBuilder? shown, ref int copied)
    {
        (shown ??= new(text.Length)).Append(text, copied, from - copied).Append(Hidden);
        copied = to;
    }

    /// <summary>By the last part of <c>user[password]</c> and <c>user.password</c>, whatever is between words and however it is escaped. What is too long for a name is one.</summary>
    private static bool IsSecret(ReadOnlySpan<char> sent)
    {
        if (sent.Length > LongestName)
        {
            return true;
        }

        Span<char> name = stackalloc char[LongestName];
        var length = 0;
        for (var index = 0; index < sent.Length; index++)
        {
            var character = sent[index];
            if (character == '%' && index + 2 < sent.Length && byte.TryParse(sent.Slice(index + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var escaped))
            {
                (character, index) = ((char)escaped, index + 2);
            }

            if (char.IsAsciiLetterOrDigit(character))
            {
                name[length++] = char.ToLowerInvariant(character);
            }
            else if (character is '[' or '.')
            {
                if (!IsFollowedByName(sent, index))
                {
                    break;
                }

                length = 0;
            }
        }

        return Known.Contains(name[..length]);
    }

    /// <summary>Of <c>password[]</c> and <c>password[0]</c> the name is before the bracket.</summary>
    private static bool IsFollowedByName(ReadOnlySpan<char> sent, int index) =>
        index + 1 < sent.Length && (char.IsAsciiLetter(sent[index + 1]) || sent[index + 1] is '_' or '-');
}
