using IngressController.Cluster;
using IngressController.Cluster.Resources;

namespace IngressController.Certificates;

/// <summary>A Secret that is named for its certificate, and out of which none can be served.</summary>
/// <param name="Why">Goes after <c>Secret shop/web</c>.</param>
public sealed record BrokenSecret(NamespacedName Secret, string Why);

/// <summary>A certificate out of a Secret, for whoever wants to see or count them.</summary>
/// <param name="Names">The hosts and wildcards that it is for.</param>
/// <param name="Issuer">The authority's common name.</param>
/// <param name="Hosts">How many hosts name it; 0 where it is only the default.</param>
public sealed record ServedCertificate(
    NamespacedName Secret, EquatableArray<string> Names, string Issuer, DateTimeOffset NotBefore, DateTimeOffset NotAfter, bool IsEcdsa, int Hosts, bool IsDefault);
