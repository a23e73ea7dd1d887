using IngressController.Cluster;

namespace IngressController.Routing.Model;

/// <summary>What a route asks of TLS to its backend.</summary>
/// <param name="Verifies">False only where somebody asked for that in words.</param>
/// <param name="Secret">With <c>ca.crt</c> (whom to trust instead of the system's authorities) and <c>tls.crt</c>, <c>tls.key</c> (who we are), each if it is there. Null: none.</param>
/// <param name="Name">The name that the backend's certificate must have; null: that of the Service (<c>web.shop.svc</c>), or the externalName.</param>
/// <param name="ServerName">The name in SNI; null: <paramref name="Name"/>; empty: no SNI.</param>
/// <param name="Depth">The most certificates between the backend's own and that of a trusted authority, neither counted, as OpenSSL counts; null: no limit.</param>
public sealed record UpstreamTls(bool Verifies, NamespacedName? Secret, string? Name, string? ServerName, int? Depth)
{
    public static UpstreamTls Default { get; } = new(true, null, null, null, null);
}

/// <summary>What TLS to a backend needs, as it stands now. Where it changes, connections are made anew.</summary>
/// <param name="Name">The name that the backend's certificate must have.</param>
/// <param name="ServerName">The name in SNI; empty: none.</param>
/// <param name="Authorities">PEM; empty: those of the system.</param>
/// <param name="Certificate">PEM, with the chain; empty: none.</param>
/// <param name="Key">PEM, of the certificate.</param>
public sealed record UpstreamIdentity(
    bool Verifies, string Name, string ServerName, int? Depth, EquatableArray<byte> Authorities, EquatableArray<byte> Certificate, EquatableArray<byte> Key)
{
    /// <summary>Never prints a key.</summary>
    public override string ToString() => $"{Name}{(Verifies ? "" : ", unverified")}";
}
