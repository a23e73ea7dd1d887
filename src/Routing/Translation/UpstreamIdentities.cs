using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Routing.Model;

namespace IngressController.Routing.Translation;

/// <summary>Finds what TLS to a backend needs. Where its Secret cannot be used, the backend is in trouble: it is never spoken to with less than was asked for.</summary>
internal static class UpstreamIdentities
{
    public static Backend Add(Backend backend, ClusterSnapshot snapshot)
    {
        if (backend.Trouble is not null || backend.Protocol is BackendProtocol.Http or BackendProtocol.H2c)
        {
            return backend;
        }

        var asked = backend.Key.Policy.Tls;
        var name = asked.Name ?? NameOf(backend);
        if (asked.Secret is not { } secretName)
        {
            return backend with { Tls = new(asked.Verifies, name, asked.ServerName ?? name, asked.Depth, [], [], []) };
        }

        var secret = snapshot.Secrets.GetValueOrDefault(secretName);
        if (WhyUnusable(secret, asked) is { } why)
        {
            var trouble = new BackendTrouble(ProblemCode.UpstreamTlsInvalid, $"Secret {secretName} {why}", "It needs ca.crt, or tls.crt with its tls.key, or all three, in PEM");
            return backend with { Trouble = trouble, Destinations = [] };
        }

        return backend with
        {
            Tls = new(asked.Verifies, name, asked.ServerName ?? name, asked.Depth, Entry(secret, "ca.crt"), Entry(secret, "tls.crt"), Entry(secret, "tls.key")),
        };
    }

    private static string NameOf(Backend backend) =>
        backend.Destinations is [var single] && !IPAddress.TryParse(single.Host, out _) ? single.Host : $"{backend.Key.Service.Name}.{backend.Key.Service.Namespace}.svc";

    private static string? WhyUnusable(Secret? secret, UpstreamTls asked)
    {
        var (authorities, certificate, key) = (Entry(secret, "ca.crt"), Entry(secret, "tls.crt"), Entry(secret, "tls.key"));
        return secret is null ? "does not exist"
            : authorities.IsEmpty && certificate.IsEmpty ? "has neither ca.crt nor tls.crt"
            : !authorities.IsEmpty && !ClientTrust.HasCertificates(authorities) ? "has no certificates in ca.crt"
            : certificate.IsEmpty != key.IsEmpty ? "has one of tls.crt and tls.key without the other"
            : !certificate.IsEmpty && !IsPair(certificate, key) ? "has a tls.crt and a tls.key that do not belong together"
            : null;
    }

    private static bool IsPair(EquatableArray<byte> certificate, EquatableArray<byte> key)
    {
        try
        {
            using var pair = X509Certificate2.CreateFromPem(Encoding.UTF8.GetString(certificate.AsSpan()), Encoding.UTF8.GetString(key.AsSpan()));
            return true;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or NotSupportedException) // the last: a kind of key that the platform lacks
        {
            return false;
        }
    }

    private static EquatableArray<byte> Entry(Secret? secret, string key) => secret?.Data.GetValueOrDefault(key) ?? [];
}
