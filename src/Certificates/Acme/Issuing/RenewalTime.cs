using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using IngressController.Certificates.Acme.Protocol;

namespace IngressController.Certificates.Acme.Issuing;

/// <summary>When a certificate is ordered, by what there is of it. Pure.</summary>
internal static class RenewalTime
{
    /// <summary>Of the lifetime; the rest is for trying again.</summary>
    private const double Share = 2.0 / 3;

    /// <summary>Of the lifetime, at most, so that certificates that were issued together are not renewed together.</summary>
    private const double Spread = 1.0 / 20;

    public static DateTimeOffset AtOnce => DateTimeOffset.MinValue;

    /// <param name="held">Null: there is no Secret.</param>
    /// <param name="window">What the authority says; null: nothing.</param>
    public static DateTimeOffset Of(WantedCertificate wanted, HeldCertificate? held, RenewalWindow? window) =>
        held?.Leaf is not { } leaf || held.Revoke is not null || !Fits(wanted, held, leaf) ? AtOnce : Of(leaf, window);

    /// <summary>Every leader finds the same moment, because it is chosen by the serial number.</summary>
    public static DateTimeOffset Of(HeldLeaf leaf, RenewalWindow? window)
    {
        var chance = Chance(leaf.Serial);
        if (window is not null && window.End >= window.Start && window.Start < leaf.NotAfter)
        {
            var point = window.Start + ((window.End - window.Start) * chance); // RFC 9773 section 4.2
            return point < leaf.NotAfter ? point : window.Start;
        }

        return leaf.NotBefore + (leaf.Lifetime * (Share + (Spread * chance)));
    }

    /// <summary>
    /// A certificate for more hosts than are wanted stays until it is due: an Ingress that goes and comes back costs no order. One that we took over stays, whoever has issued
    /// it and with whatever key.
    /// </summary>
    private static bool Fits(WantedCertificate wanted, HeldCertificate held, HeldLeaf leaf) => held.IsOurs
        ? wanted.Hosts.All(leaf.Names.Contains) && held.Issuer == wanted.Issuer.Name && held.IsFrom(wanted.Issuer) && leaf.KeyType == wanted.Issuer.KeyType
        : wanted.Hosts.All(leaf.Covers);

    /// <returns>From 0 to 1.</returns>
    public static double Chance(string serial) =>
        BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.ASCII.GetBytes(serial))) / (double)ulong.MaxValue;
}
