using System.Collections.Immutable;
using IngressController.Cluster;
using IngressController.Cluster.Resources;

namespace IngressController.Routing.Model;

/// <summary>What the cluster's objects mean for a request. Persistent: unchanged parts are the same objects from one model to the next.</summary>
/// <param name="Hosts">Every host that some Ingress declares, wildcards and <see cref="HostName.Any"/> among them.</param>
/// <param name="Backends">Every backend that some route names.</param>
/// <param name="CatchAll">Answers what no host's routes and default answer; null: the built-in 404.</param>
public sealed record RoutingModel(
    ImmutableDictionary<HostName, HostRoutes> Hosts,
    ImmutableDictionary<BackendKey, Backend> Backends,
    Route? CatchAll)
{
    public static RoutingModel Empty { get; } =
        new(ImmutableDictionary<HostName, HostRoutes>.Empty, ImmutableDictionary<BackendKey, Backend>.Empty, null);

    /// <summary>Every host about whose TLS some Ingress says something, wildcards and <see cref="HostName.Any"/> among them.</summary>
    public ImmutableDictionary<HostName, HostTls> Tls { get; init; } = ImmutableDictionary<HostName, HostTls>.Empty;

    /// <summary>The Secrets with certificates that <see cref="Tls"/> or <see cref="DefaultCertificate"/> name, as far as they exist.</summary>
    public ImmutableDictionary<NamespacedName, Secret> Certificates { get; init; } = ImmutableDictionary<NamespacedName, Secret>.Empty;

    /// <summary>TCP and UDP services.</summary>
    public ImmutableDictionary<StreamKey, StreamService> Streams { get; init; } = ImmutableDictionary<StreamKey, StreamService>.Empty;

    /// <summary>The value of <c>--default-tls-secret</c>.</summary>
    public NamespacedName? DefaultCertificate { get; init; }
}

/// <summary>A model, and where it differs from the one before: the only parts that need to be applied.</summary>
/// <param name="Hosts">Hosts that came, changed or went. Whether the catch-all changed is cheap to compare.</param>
/// <param name="Backends">Backends that came, changed or went.</param>
public sealed record RoutingChange(RoutingModel Model, ImmutableHashSet<HostName> Hosts, ImmutableHashSet<BackendKey> Backends)
{
    /// <summary>Hosts whose TLS came, changed or went.</summary>
    public ImmutableHashSet<HostName> Tls { get; init; } = [];

    /// <summary>Certificates that came (into use), changed or went.</summary>
    public ImmutableHashSet<NamespacedName> Certificates { get; init; } = [];

    /// <summary>TCP and UDP services that came, changed or went.</summary>
    public ImmutableHashSet<StreamKey> Streams { get; init; } = [];

    /// <summary>The change from a model to the empty one.</summary>
    public static RoutingChange ToNothing(RoutingModel model) => new(RoutingModel.Empty, [.. model.Hosts.Keys], [.. model.Backends.Keys])
    {
        Tls = [.. model.Tls.Keys],
        Certificates = [.. model.Certificates.Keys],
        Streams = [.. model.Streams.Keys],
    };

    /// <summary>Both changes in one, of which the other came first.</summary>
    public RoutingChange After(RoutingChange other) => new(Model, Hosts.Union(other.Hosts), Backends.Union(other.Backends))
    {
        Tls = Tls.Union(other.Tls),
        Certificates = Certificates.Union(other.Certificates),
        Streams = Streams.Union(other.Streams),
    };
}
