using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Routing.Model;

namespace IngressController.Routing.Translation;

/// <summary>Whether a Secret says whom to trust in client certificates.</summary>
internal static class ClientTrust
{
    /// <summary>Read once for each Secret: many hosts may name one, and a list may have a megabyte.</summary>
    private static readonly ConditionalWeakTable<Secret, StrongBox<(string Wrong, string? Cure)?>> Known = [];

    /// <returns>What is wrong, to go after <c>Secret shop/partners</c>, and the cure if it is another than to create the Secret; null where it can be used.</returns>
    public static (string Wrong, string? Cure)? WhyUnusable(Secret? secret) =>
        secret is null ? ("does not exist", null) : Known.GetValue(secret, static known => new(Judge(known))).Value;

    public static bool HasCertificates(EquatableArray<byte> pem)
    {
        try
        {
            var found = new X509Certificate2Collection();
            found.ImportFromPem(Encoding.UTF8.GetString(pem.AsSpan()));
            var count = found.Count;
            foreach (var certificate in found)
            {
                certificate.Dispose();
            }

            return count > 0;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static (string Wrong, string? Cure)? Judge(Secret secret)
    {
        if (!HasCertificates(secret.Data.GetValueOrDefault("ca.crt")))
        {
            return ("has no certificates in ca.crt", null);
        }

        var lists = secret.Data.GetValueOrDefault("ca.crl");
        return lists.IsEmpty ? null : WhyUnreadable(lists) is { } why ? ($"has a ca.crl that cannot be used ({why})", "Mend ca.crl, or leave it out if nothing is revoked") : null;
    }

    private static string? WhyUnreadable(EquatableArray<byte> lists)
    {
        try
        {
            return RevocationList.ReadAll(Encoding.UTF8.GetString(lists.AsSpan())).Length == 0 ? "it holds no lists in PEM" : null;
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            return e.Message;
        }
    }
}
