using System.Text.Json;
using System.Text.Json.Serialization;
using Resources = IngressController.Cluster.Resources;

namespace IngressController.Kubernetes.Wire;

/// <summary>v1 Secret as it is written: whole, so it also carries the fields that mean nothing here.</summary>
internal sealed record WrittenSecret
{
    public string ApiVersion { get; init; } = "v1";

    public string Kind { get; init; } = "Secret";

    public WrittenMeta Metadata { get; init => field = value ?? new(); } = new();

    public string? Type { get; init; }

    /// <summary>In JSON base64.</summary>
    public Dictionary<string, byte[]?>? Data { get; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; set; }

    /// <summary>This, with what the Secret says in place of what was there.</summary>
    public WrittenSecret Saying(Resources.Secret secret) => this with
    {
        Metadata = Metadata with
        {
            Name = secret.Metadata.Name.Name,
            Namespace = secret.Metadata.Name.Namespace,
            Labels = secret.Metadata.Labels.Count == 0 ? null : secret.Metadata.Labels.ToDictionary(),
            Annotations = secret.Metadata.Annotations.Count == 0 ? null : secret.Metadata.Annotations.ToDictionary(),
        },
        Type = secret.Type,
        Data = secret.Data.ToDictionary(entry => entry.Key, byte[]? (entry) => [.. entry.Value]),
    };
}

internal sealed record WrittenMeta
{
    public string? Name { get; init; }

    public string? Namespace { get; init; }

    /// <summary>Makes the API server refuse a write over a version that the writer has not seen.</summary>
    public string? ResourceVersion { get; init; }

    public Dictionary<string, string>? Labels { get; init; }

    public Dictionary<string, string>? Annotations { get; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; set; }
}
