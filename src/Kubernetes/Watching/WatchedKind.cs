using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Kubernetes.Wire;

namespace IngressController.Kubernetes.Watching;

/// <summary>One object as the API server sent it.</summary>
/// <param name="Resource">Null where it was passed over.</param>
internal readonly record struct ReceivedObject(string? ResourceVersion, ResourceKey Key, IResource? Resource);

internal delegate ReceivedObject ReadObject(ref Utf8JsonReader json);

/// <summary>A kind of objects that the controller reads, and where the API has it.</summary>
/// <param name="Group">Empty for the core group.</param>
/// <param name="Plural">As in paths and RBAC rules.</param>
/// <param name="IsRequired">Nothing can be served before this kind was listed.</param>
/// <param name="FieldSelector">Which of them; empty for all.</param>
internal sealed record WatchedKind(
    ResourceKind Kind, string Group, string Plural, bool IsNamespaced, bool IsRequired, string FieldSelector, ReadObject Read)
{
    private const string Networking = "networking.k8s.io";

    public static IReadOnlyList<WatchedKind> All { get; } =
    [
        new(ResourceKind.Ingress, Networking, "ingresses", true, true, "", Reader(WireContext.Default.Ingress, i => (i.Metadata, i.ToResource()))),
        new(ResourceKind.IngressClass, Networking, "ingressclasses", false, true, "", Reader(WireContext.Default.IngressClass, c => (c.Metadata, c.ToResource()))),
        new(ResourceKind.Service, "", "services", true, true, "", Reader(WireContext.Default.Service, s => (s.Metadata, s.ToResource()))),
        new(ResourceKind.EndpointSlice, "discovery.k8s.io", "endpointslices", true, true, "", Reader(WireContext.Default.EndpointSlice, s => (s.Metadata, s.ToResource()))),
        Secrets("kubernetes.io/tls"),
        Secrets("Opaque"),
        // Every namespace has one of that name, with the cluster's own authority.
        new(ResourceKind.ConfigMap, "", "configmaps", true, false, "metadata.name!=kube-root-ca.crt", Reader(WireContext.Default.ConfigMap, c => (c.Metadata, c.ToResource()))),
        new(ResourceKind.Namespace, "", "namespaces", false, false, "", Reader(WireContext.Default.Namespace, n => (n.Metadata, n.ToResource()))),
    ];

    /// <summary>Only objects that something refers to are kept.</summary>
    public bool IsByReference => Kind is ResourceKind.Secret or ResourceKind.ConfigMap;

    /// <param name="space">Null: everywhere in the cluster.</param>
    public string PathIn(string? space) =>
        (Group.Length == 0 ? "/api/v1/" : $"/apis/{Group}/v1/") + (space is null ? "" : $"namespaces/{space}/") + Plural;

    private static WatchedKind Secrets(string type) =>
        new(ResourceKind.Secret, "", "secrets", true, false, $"type={type}", Reader(WireContext.Default.Secret, s => (s.Metadata, s.ToResource())));

    private static ReadObject Reader<T>(JsonTypeInfo<T> type, Func<T, (ObjectMeta? Metadata, IResource Resource)> map) => (ref json) =>
    {
        var (metadata, resource) = map(JsonSerializer.Deserialize(ref json, type) ?? throw new JsonException("null is no object"));
        return new(metadata?.ResourceVersion, resource.Key, resource);
    };
}
