using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace IngressController.Kubernetes.Api.Identity;

/// <summary>client.authentication.k8s.io ExecCredential.</summary>
internal sealed class ExecCredential
{
    public string? ApiVersion { get; init; }

    public string? Kind { get; init; }

    public ExecSpec? Spec { get; init; }

    public ExecStatus? Status { get; init; }
}

internal sealed class ExecSpec
{
    public bool Interactive { get; init; }

    public ExecCluster? Cluster { get; init; }
}

internal sealed class ExecCluster
{
    public string? Server { get; init; }

    [JsonPropertyName("tls-server-name")]
    public string? TlsServerName { get; init; }

    [JsonPropertyName("insecure-skip-tls-verify")]
    public bool InsecureSkipTlsVerify { get; init; }

    /// <summary>Base64 of PEM.</summary>
    [JsonPropertyName("certificate-authority-data")]
    public string? CertificateAuthorityData { get; init; }

    [JsonPropertyName("proxy-url")]
    public string? ProxyUrl { get; init; }

    /// <summary>What the kubeconfig's cluster has for the plugin, in its extension of this group.</summary>
    public JsonElement? Config { get; init; }

    public static ExecCluster Of(ApiConnection connection, JsonElement? config, string where) => new()
    {
        Server = connection.Server.OriginalString,
        TlsServerName = connection.ServerName,
        InsecureSkipTlsVerify = connection.SkipsVerification,
        CertificateAuthorityData = connection.Authority is { } authority ? Convert.ToBase64String(Encoding.UTF8.GetBytes(authority.Read(where))) : null,
        ProxyUrl = connection.Proxy?.OriginalString,
        Config = config,
    };
}

/// <summary>What the plugin found out.</summary>
internal sealed class ExecStatus
{
    /// <summary>RFC 3339; null where it holds until it is refused.</summary>
    public DateTimeOffset? ExpirationTimestamp { get; init; }

    public string? Token { get; init; }

    /// <summary>PEM.</summary>
    public string? ClientCertificateData { get; init; }

    /// <summary>PEM.</summary>
    public string? ClientKeyData { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ExecCredential))]
internal sealed partial class ExecContext : JsonSerializerContext;
