using IngressController.Cluster;
using Resources = IngressController.Cluster.Resources;

namespace IngressController.Kubernetes.Wire;

/// <summary>v1 Secret.</summary>
internal sealed class Secret
{
    public ObjectMeta? Metadata { get; init; }

    [GoType("v1.SecretType")]
    public string? Type { get; init; }

    /// <summary>Base64.</summary>
    [GoType("map[string][]uint8")]
    public Dictionary<string, string?>? Data { get; init; }

    /// <summary>Plain text, which wins over <see cref="Data"/>. Only in what people write: the API server never answers it.</summary>
    public Dictionary<string, string?>? StringData { get; init; }

    /// <summary>With its labels, because Secrets are also written back.</summary>
    public Resources.Secret ToResource() => new(ObjectMeta.Namespaced(Metadata) with { Labels = Metadata?.Labels.OrZero().ToEquatableMap() ?? default }, Type.NullIfEmpty() ?? "Opaque", ToData());

    /// <summary>Entries that are no base64 are passed over: the API server never stores one.</summary>
    private EquatableMap<EquatableArray<byte>> ToData()
    {
        var entries = new Dictionary<string, EquatableArray<byte>>(StringComparer.Ordinal);
        foreach (var (key, text) in Data.OrZero())
        {
            var bytes = new byte[text.Length];
            if (Convert.TryFromBase64String(text, bytes, out var length))
            {
                entries[key] = EquatableArray.Create<byte>(bytes.AsSpan(0, length));
            }
        }

        foreach (var (key, text) in StringData.OrZero())
        {
            entries[key] = EquatableArray.Create<byte>(System.Text.Encoding.UTF8.GetBytes(text));
        }

        return entries.ToEquatableMap();
    }
}
