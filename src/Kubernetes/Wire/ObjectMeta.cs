using System.Globalization;
using IngressController.Cluster;
using IngressController.Cluster.Resources;

namespace IngressController.Kubernetes.Wire;

/// <summary>metadata of every object. The types of this folder carry the API's own names, because its errors do.</summary>
[UnreadFields(
    "generateName", "selfLink", "generation", "deletionGracePeriodSeconds", "ownerReferences", "finalizers",
    "clusterName")]
internal sealed class ObjectMeta
{
    /// <summary>kubectl's copy of the whole object.</summary>
    private const string LastApplied = "kubectl.kubernetes.io/last-applied-configuration";

    public string? Name { get; init; }

    public string? Namespace { get; init; }

    [GoType("types.UID")]
    public string? Uid { get; init; }

    /// <summary>A position in the history of the cluster. Watching needs it; it does not reach the resources.</summary>
    public string? ResourceVersion { get; init; }

    /// <summary>RFC 3339.</summary>
    [GoType("v1.Time")]
    public string? CreationTimestamp { get; init; }

    [GoType("v1.Time")]
    public string? DeletionTimestamp { get; init; }

    public Dictionary<string, string?>? Labels { get; init; }

    public Dictionary<string, string?>? Annotations { get; init; }

    public StatusOwner? ManagedFields { get; init; }

    /// <summary>The metadata of a namespaced object; without a namespace it is in <c>default</c>. Without labels, as <see cref="ClusterScoped"/>: few mean anything here, and objects have many.</summary>
    public static Metadata Namespaced(ObjectMeta? meta) => ToMetadata(meta, meta?.Namespace.NullIfEmpty() ?? "default");

    /// <summary>The metadata of a cluster-scoped object; a namespace is passed over, as the API server does.</summary>
    public static Metadata ClusterScoped(ObjectMeta? meta) => ToMetadata(meta, "");

    /// <summary>The earliest time where the text is no time.</summary>
    public static DateTimeOffset ParseTime(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time.ToUniversalTime() : DateTimeOffset.MinValue;

    private static Metadata ToMetadata(ObjectMeta? meta, string @namespace) => new(
        new NamespacedName(@namespace, meta?.Name ?? ""),
        meta?.Uid ?? "",
        ParseTime(meta?.CreationTimestamp),
        default,
        meta?.Annotations.OrZero().Where(annotation => annotation.Key != LastApplied).ToEquatableMap() ?? default,
        IsTerminating: !string.IsNullOrEmpty(meta?.DeletionTimestamp));
}
