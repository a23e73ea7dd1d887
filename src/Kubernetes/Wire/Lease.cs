using System.Text.Json;
using System.Text.Json.Serialization;

namespace IngressController.Kubernetes.Wire;

/// <summary>coordination.k8s.io/v1 Lease. It is written back whole, so it also carries the fields that mean nothing here.</summary>
internal sealed record Lease
{
    public string ApiVersion { get; init; } = "coordination.k8s.io/v1";

    public string Kind { get; init; } = "Lease";

    public LeaseMeta Metadata { get; init => field = value ?? new(); } = new();

    public LeaseSpec Spec { get; init => field = value ?? new(); } = new();
}

internal sealed record LeaseMeta
{
    public string? Name { get; init; }

    public string? Namespace { get; init; }

    /// <summary>Makes the API server refuse a write over a version that the writer has not seen.</summary>
    public string? ResourceVersion { get; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; set; }
}

internal sealed record LeaseSpec
{
    /// <summary>Empty or absent: nobody's.</summary>
    public string? HolderIdentity { get; init; }

    public int? LeaseDurationSeconds { get; init; }

    /// <summary>RFC 3339 with microseconds.</summary>
    public string? AcquireTime { get; init; }

    public string? RenewTime { get; init; }

    public int? LeaseTransitions { get; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; set; }

    /// <summary>Says the same about leadership.</summary>
    public bool Says(LeaseSpec other) => this with { Others = null } == other with { Others = null };
}
