using IngressController.Kubernetes.Api.Identity;

namespace IngressController.Kubernetes.Api;

/// <summary>A cluster of a kubeconfig: where its API server is and how it is known.</summary>
internal sealed class KubeconfigCluster(Kubeconfig.Entry entry)
{
    private static readonly string[] ServerSchemes = ["http", "https"];
    private static readonly string[] ProxySchemes = ["http", "https", "socks5"];

    public ApiConnection ToConnection()
    {
        var authority = entry.Material("certificate-authority");
        var isInsecure = entry.Flag("insecure-skip-tls-verify");
        if (authority is not null && isInsecure)
        {
            throw new ConnectionException($"{entry.Where}: certificate-authority and insecure-skip-tls-verify exclude each other. Remove one");
        }

        if (authority is not null)
        {
            TrustedAuthorities.Read(authority, entry.Where);
        }

        return new(Address("server", ServerSchemes) ?? throw new ConnectionException($"{entry.Where}: there is no server. Add server: https://HOST:6443"))
        {
            Authority = authority,
            SkipsVerification = isInsecure,
            ServerName = entry.Text("tls-server-name"),
            Proxy = Address("proxy-url", ProxySchemes),
        };
    }

    private Uri? Address(string field, string[] schemes)
    {
        if (entry.Text(field) is not { } text)
        {
            return null;
        }

        return Uri.TryCreate(text, UriKind.Absolute, out var address) && schemes.Contains(address.Scheme) && address.Host.Length > 0
            ? address
            : throw new ConnectionException($"{entry.Where}: {field} '{text}' is not a URL of {string.Join(", ", schemes)}. Correct it");
    }
}
