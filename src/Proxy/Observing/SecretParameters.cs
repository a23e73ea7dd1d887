using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace IngressController.Proxy.Observing;

/// <summary>
/// What must not be shown of a target or of a Referer: the values of parameters whose names sound of secrets, and passwords in front of a host. Rather too much is hidden than too little.
/// A secret in the path itself cannot be told from a name.
/// </summary>
public static class SecretParameters
{
    /// <summary>What stands for a secret.</summary>
    public const string Hidden = "***";

    private const int LongestName = 128;

    private static readonly string[] All =
    [
        "assertion", "authcode", "authorization", "bearer", "credential", "credentials", "creds", "csrf", "devicecode", "hmac", "jwt", "key", "nonce", "otp", "passcode", "passphrase",
        "passwd", "password", "passwordagain", "passwordconfirm", "passwordconfirmation", "passwordhash", "passwordrepeat", "pwd", "samlrequest", "samlresponse", "secret", "sessid",
        "session", "sessionid", "signature", "ticket", "token", "tokenhint", "userpass", "verificationcode", "verifier", "xsrf",
    ];

    private static readonly string[] AllWords = ["auth", "code", "hash", "magic", "pass", "pin", "pw", "sid", "sig", "sign"];

    /// <summary>Both by their last letter, so that a name is compared with few.</summary>
    private static readonly (string Text, bool IsWord)[][] ByLastLetter =
        [.. Enumerable.Range('a', 26).Select(letter => All.Select(text => (text, false)).Concat(AllWords.Select(text => (text, true))).Where(each => each.text[^1] == letter).ToArray())];

    /// <summary>A name that ends so is that of a secret, in small letters and without anything between its words: <c>csrfmiddlewaretoken</c>, <c>X-Amz-Signature</c>.</summary>
    public static IReadOnlyList<string> Endings => All;

    /// <summary>So is one whose last word is this: <c>otp_code</c> and <c>otpCode</c>, for too many harmless words end so, like <c>barcode</c>.</summary>
    public static IReadOnlyList<string> Words => AllWords;

    /// <summary>The text with <see cref="Hidden"/> for its secrets; the same instance where it has none.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Hide(string? text)
    {
        if (text is null || text.AsSpan().IndexOfAny('?', '@', ';') < 0)
        {
            return text;
        }

        StringBuilder? shown = null;
        var copied = 0;
        var question = text.IndexOf('?', StringComparison.Ordinal);
        var pathEnd = question < 0 ? text.Length : question;
        var address = text.AsSpan(0, pathEnd).IndexOf("://", StringComparison.Ordinal);
        if (address >= 0)
        {
            HidePathParameters(text, 0, address, ref shown, ref copied);
            HidePassword(text, address + 3, pathEnd, ref shown, ref copied);
        }

        HidePathParameters(text, Math.Max(copied, address), pathEnd, ref shown, ref copied);
        HideParameters(text, pathEnd + 1, text.Length, '&', ref shown, ref copied);
        return shown is null ? text : shown.Append(text, copied, text.Length - copied).ToString();
    }

    /// <summary><c>https://user:password@host/</c> (RFC 3986 section 3.2.1), which no browser sends, but somebody may.</summary>
    /// <param name="start">Behind <c>://</c>.</param>
    private static void HidePassword(string text, int start, int end, ref StringBuilder? shown, ref int copied)
    {
        var authority = text.AsSpan(start, end - start);
        var slash = authority.IndexOf('/');
        authority = slash < 0 ? authority : authority[..slash];
        var at = authority.LastIndexOf('@');
        if (at > 0)
        {
            var colon = authority[..at].IndexOf(':');
            Replace(text, start + colon + 1, start + at, ref shown, ref copied); // all of it where there is no colon: a token
        }
    }

    /// <summary><c>/a;jsessionid=x</c> (RFC 3986 section 3.3).</summary>
    private static void HidePathParameters(string text, int start, int end, ref StringBuilder? shown, ref int copied)
    {
        if (text.AsSpan(start, end - start).IndexOf(';') is >= 0 and var semicolon)
        {
            HideParameters(text, start + semicolon + 1, end, '/', ref shown, ref copied);
        }
    }

    /// <summary>Those from <paramref name="start"/> to <paramref name="end"/>, with semicolons or <paramref name="separator"/> between them.</summary>
    private static void HideParameters(string text, int start, int end, char separator, ref StringBuilder? shown, ref int copied)
    {
        while (start < end)
        {
            var rest = text.AsSpan(start, end - start);
            var length = rest.IndexOfAny(separator, ';');
            length = length < 0 ? rest.Length : length;
            var equals = rest[..length].IndexOf('=');
            if (equals >= 0 && equals + 1 < length && IsSecret(rest[..equals]))
            {
                Replace(text, start + equals + 1, start + length, ref shown, ref copied);
            }

            start += length + 1;
        }
    }

    private static void Replace(string text, int from, int to, ref StringBuilder? shown, ref int copied)
    {
        (shown ??= new(text.Length)).Append(text, copied, from - copied).Append(Hidden);
        copied = to;
    }

    /// <summary>By any part of <c>user[password][first]</c> and <c>user.password</c>, whatever is between words and however it is escaped. What is too long for a name is one.</summary>
    private static bool IsSecret(ReadOnlySpan<char> sent)
    {
        if (sent.Length > LongestName)
        {
            return true;
        }

        Span<char> part = stackalloc char[LongestName];
        var (length, word, before) = (0, 0, '.');
        for (var index = 0; index < sent.Length; index++)
        {
            var character = sent[index];
            if (character == '%' && index + 2 < sent.Length && byte.TryParse(sent.Slice(index + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var escaped))
            {
                (character, index) = ((char)escaped, index + 2);
            }

            if (char.IsAsciiLetterOrDigit(character))
            {
                word = WordOf(before, character, word, length);
                part[length++] = char.ToLowerInvariant(character);
            }
            else if (character is '[' or '.')
            {
                if (IsSecret(part[..length], word))
                {
                    return true;
                }

                (length, word) = (0, 0);
            }

            before = character;
        }

        return IsSecret(part[..length], word);
    }

    /// <summary>Where the word begins that a letter belongs to: <c>user_pin</c>, <c>userPin</c>, <c>userPIN</c>, <c>USERPin</c>. Digits belong to the word before them.</summary>
    private static int WordOf(char before, char letter, int word, int position) =>
        !char.IsAsciiLetter(letter) ? word
        : !char.IsAsciiLetter(before) || (char.IsAsciiLetterUpper(letter) && char.IsAsciiLetterLower(before)) ? position
        : char.IsAsciiLetterLower(letter) && char.IsAsciiLetterUpper(before) ? position - 1
        : word;

    /// <param name="name">In small letters, with nothing between the words. Digits at its end do not count: <c>password1</c></param>
    /// <param name="word">Where its last word begins.</param>
    private static bool IsSecret(ReadOnlySpan<char> name, int word)
    {
        name = name.TrimEnd("0123456789");
        if (!name.IsEmpty)
        {
            foreach (var (text, isWord) in ByLastLetter[name[^1] - 'a'])
            {
                if (name.EndsWith(text, StringComparison.Ordinal) && (!isWord || name.Length - text.Length == word || name.Length == text.Length))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
