using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using IngressController.Certificates.Acme;
using IngressController.Cluster;
using IngressController.Kubernetes.Manifests;

namespace IngressController.App.Cli;

/// <summary>The kinds of values that flags about certificates by ACME have.</summary>
internal static class AcmeFlagValue
{
    private const int DnsPort = 53;

    /// <summary>A directory that is there, or is made now.</summary>
    public static string? StateDirectory(string text, out string value)
    {
        value = text;
        try
        {
            Kubernetes.Manifests.StateDirectory.Create(text);
            return null;
        }
        catch (IOException e)
        {
            return $"cannot be made: {e.Message}";
        }
    }

    public static string? Directory(string text, out Uri value)
    {
        var known = text switch
        {
            "letsencrypt" => "https://acme-v02.api.letsencrypt.org/directory",
            "letsencrypt-staging" => "https://acme-staging-v02.api.letsencrypt.org/directory",
            _ => text,
        };
        return Uri.TryCreate(known, UriKind.Absolute, out value!) && value is { Scheme: "https", UserInfo: "", Fragment: "" } ? null : "is not an https URL, letsencrypt or letsencrypt-staging";
    }

    /// <summary>One address and nothing else, as RFC 8555 section 7.3 has it behind <c>mailto:</c>.</summary>
    public static string? Email(string text, out string value)
    {
        value = text;
        return System.Net.Mail.MailAddress.TryCreate(text, out var address) && address.Address == text && text.All(sign => sign is > ' ' and <= '~' and not ('?' or '&' or '"')) ? null : "is not an e-mail address";
    }

    public static string? KeyType(string text, out CertificateKeyType value)
    {
        CertificateKeyType? known = text switch
        {
            "ecdsa-p256" => CertificateKeyType.EcdsaP256,
            "ecdsa-p384" => CertificateKeyType.EcdsaP384,
            "rsa-2048" => CertificateKeyType.Rsa2048,
            "rsa-4096" => CertificateKeyType.Rsa4096,
            _ => null,
        };
        value = known ?? default;
        return known is null ? "is not ecdsa-p256, ecdsa-p384, rsa-2048 or rsa-4096" : null;
    }

    public static string? Challenge(string text, out ChallengeKind value)
    {
        ChallengeKind? known = text switch { "http-01" => ChallengeKind.Http01, "tls-alpn-01" => ChallengeKind.TlsAlpn01, "dns-01" => ChallengeKind.Dns01, _ => null };
        value = known ?? default;
        return known is null ? "is not http-01, tls-alpn-01 or dns-01" : null;
    }

    public static string? TsigAlgorithm(string text, out string value)
    {
        value = text;
        return text is "hmac-sha256" or "hmac-sha512" ? null : "is not hmac-sha256 or hmac-sha512";
    }

    /// <summary>What somebody else has named.</summary>
    public static string? Name(string text, out string value)
    {
        value = text;
        return string.IsNullOrWhiteSpace(text) || text.Any(char.IsControl) ? "is not a name" : null;
    }

    /// <summary>As name servers have it: in any case, with or without the dot at its end.</summary>
    public static string? DomainName(string text, out string value)
    {
        value = text.ToLowerInvariant().TrimEnd('.');
        return DnsName.IsSubdomain(value.Replace('_', '-').Trim('-')) ? null : "is not a domain name";
    }

    /// <summary><c>HOST</c>, <c>HOST:PORT</c>, <c>[::1]:PORT</c>.</summary>
    public static string? NameServer(string text, out (string Host, int Port)? value)
    {
        var isServer = Uri.TryCreate($"dns://{text}", UriKind.Absolute, out var server) && server is { Host.Length: > 0, UserInfo: "", Query: "", Fragment: "", AbsolutePath: "" or "/" } && !text.Contains('/', StringComparison.Ordinal) && server.Port != 0;
        value = isServer ? (server!.IdnHost, server.Port < 0 ? DnsPort : server.Port) : null;
        return isServer ? null : "is not HOST or HOST:PORT";
    }

    public static string? Program(string text, out string value)
    {
        value = text;
        return File.Exists(text) ? null : "does not exist";
    }

    public static string? Webhook(string text, out Uri? value) =>
        Uri.TryCreate(text, UriKind.Absolute, out value) && value is { Scheme: "http" or "https", UserInfo: "", Fragment: "" } ? null : "is not a URL of http or https without a user";

    /// <summary>PEM with at least one certificate.</summary>
    public static string? CaBundle(string text, out string value)
    {
        if (Content(text, out value) is { } wrong)
        {
            return wrong;
        }

        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(value);
            return certificates.Count == 0 ? "has no certificate in it" : null;
        }
        catch (CryptographicException)
        {
            return "has something in it that is no certificate";
        }
        finally
        {
            certificates.ToList().ForEach(certificate => certificate.Dispose());
        }
    }

    /// <summary>Says nothing of what is in the file.</summary>
    public static string? Base64UrlFile(string text, out EquatableArray<byte> value) => Decoded(text, chars => Base64Url.DecodeFromChars(chars), "base64url", out value);

    /// <inheritdoc cref="Base64UrlFile"/>
    public static string? Base64File(string text, out EquatableArray<byte> value) => Decoded(text, Convert.FromBase64String, "base64", out value);

    private static string? Decoded(string file, Func<string, byte[]> decode, string form, out EquatableArray<byte> value)
    {
        value = [];
        if (Content(file, out var text) is { } wrong)
        {
            return wrong;
        }

        try
        {
            value = EquatableArray.Create<byte>(decode(text.Trim()));
            return value.IsEmpty ? "is empty" : null;
        }
        catch (FormatException)
        {
            return $"has something in it that is no {form}";
        }
    }

    private static string? Content(string file, out string text)
    {
        text = "";
        try
        {
            text = File.ReadAllText(file);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return "cannot be read";
        }
    }
}
