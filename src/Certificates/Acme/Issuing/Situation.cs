using System.Collections.Immutable;
using IngressController.Certificates.Acme.Protocol;
using IngressController.Cluster;

namespace IngressController.Certificates.Acme.Issuing;

/// <summary>What the leader knows when it decides what to do next.</summary>
/// <param name="State">As it was written last.</param>
internal sealed record Situation(EquatableArray<WantedCertificate> Wanted, AcmeState State)
{
    /// <summary>What Secrets hold; absent where there is none.</summary>
    public IReadOnlyDictionary<NamespacedName, HeldCertificate> Held { get; init; } = ImmutableDictionary<NamespacedName, HeldCertificate>.Empty;

    /// <summary>What authorities say about certificates, by serial number.</summary>
    public IReadOnlyDictionary<string, RenewalWindow> Windows { get; init; } = ImmutableDictionary<string, RenewalWindow>.Empty;

    /// <summary>Secrets that are left alone until then.</summary>
    public IReadOnlyDictionary<NamespacedName, DateTimeOffset> Pauses { get; init; } = ImmutableDictionary<NamespacedName, DateTimeOffset>.Empty;

    /// <summary>By the name of the issuer.</summary>
    public IReadOnlyDictionary<string, HoldRecord> Holds { get; init; } = ImmutableDictionary<string, HoldRecord>.Empty;

    /// <summary>Issuers that may be down: one order looks whether they are.</summary>
    public IReadOnlySet<string> InTrouble { get; init; } = ImmutableHashSet<string>.Empty;

    /// <summary>Issuers whose account is getting another key, with which pending challenges would not fit.</summary>
    public IReadOnlySet<string> Resting { get; init; } = ImmutableHashSet<string>.Empty;

    /// <summary>What is being worked on.</summary>
    public IReadOnlyCollection<WantedCertificate> Running { get; init; } = [];
}
