using System.Collections.Immutable;
using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Routing.Model;

namespace IngressController.Testing;

/// <summary>A routing model made by hand, change by change, as the translation would tell it. Services and Ingresses stand in namespace shop.</summary>
public sealed class HandMadeModel
{
    /// <summary>TLS with whom it may concern.</summary>
    public static UpstreamIdentity Unverified { get; } = new(false, "web.shop.svc", "web.shop.svc", null, [], [], []);

    public RoutingModel Current { get; private set; } = RoutingModel.Empty;

    public static BackendKey Key(string service, UpstreamPolicy? policy = null) =>
        new(new NamespacedName("shop", service), new PortReference(null, 80), policy ?? UpstreamPolicy.Default);

    /// <summary>A Prefix route. The backend must be known before, as it is in every model that the translation makes.</summary>
    public RoutingChange Route(string host, string path, BackendKey key) => Add(host, path, key, null);

    /// <summary>A route that the translation refused.</summary>
    public RoutingChange Refuse(string host, string path, ProblemCode refusal) => Add(host, path, null, refusal);

    public RoutingChange RemoveHost(string host)
    {
        var name = Parse(host);
        return Change(Current with { Hosts = Current.Hosts.Remove(name) }, [name], []);
    }

    public RoutingChange Backend(BackendKey key, params Destination[] destinations) => Backend(key, BackendProtocol.Http, null, destinations);

    public RoutingChange Backend(BackendKey key, BackendProtocol protocol, TimeSpan? affinity, params Destination[] destinations)
    {
        var trouble = destinations.Length == 0 ? new BackendTrouble(ProblemCode.NoEndpoints, "no endpoints", "add some") : null;
        var tls = protocol is BackendProtocol.Http or BackendProtocol.H2c ? null : Unverified;
        return Set(new(key, protocol, destinations.ToEquatableArray(), affinity, trouble, [], Tls: tls));
    }

    public RoutingChange BackendOverTls(BackendKey key, BackendProtocol protocol, UpstreamIdentity tls, params Destination[] destinations) =>
        Set(new(key, protocol, destinations.ToEquatableArray(), null, null, [], Tls: tls));

    public RoutingChange RemoveBackend(BackendKey key) => Change(Current with { Backends = Current.Backends.Remove(key) }, [], [key]);

    public RoutingChange CatchAll(BackendKey key)
    {
        var route = new Route(null, "--default-backend-service", HostName.Any, new PathPattern(PathKind.Prefix, "/"), key, null, RoutePolicies.Default);
        return Change(Current with { CatchAll = route }, [], []);
    }

    public RoutingChange Secure(string host, HostTls tls)
    {
        var name = Parse(host);
        return Change(Current with { Tls = Current.Tls.SetItem(name, tls) }, [name], []) with { Tls = [name] };
    }

    /// <summary>A TCP or UDP service.</summary>
    public RoutingChange Stream(StreamProtocol protocol, int port, params Destination[] destinations)
    {
        var key = new StreamKey(protocol, port);
        return Stream(new StreamService(key, new("shop", "ports"), new("shop", "peer"), new(null, 7000), false, false, destinations.ToEquatableArray()));
    }

    public RoutingChange Stream(StreamService service) =>
        Change(Current with { Streams = Current.Streams.SetItem(service.Key, service) }, [], []) with { Streams = [service.Key] };

    public RoutingChange RemoveStream(StreamProtocol protocol, int port)
    {
        var key = new StreamKey(protocol, port);
        return Change(Current with { Streams = Current.Streams.Remove(key) }, [], []) with { Streams = [key] };
    }

    private RoutingChange Add(string host, string path, BackendKey? key, ProblemCode? refusal)
    {
        var name = Parse(host);
        var ingress = new NamespacedName("shop", "web");
        var route = new Route(ingress, "spec.rules[0].http.paths[0]", name, new PathPattern(PathKind.Prefix, path), key, refusal, RoutePolicies.Default);
        var before = Current.Hosts.GetValueOrDefault(name)?.Routes.Where(other => other.Path != route.Path) ?? [];
        var routes = new HostRoutes(name, before.Append(route).OrderBy(other => other.Path).ToEquatableArray(), null, [ingress]);
        return Change(Current with { Hosts = Current.Hosts.SetItem(name, routes) }, [name], []);
    }

    private RoutingChange Set(Backend backend)
    {
        var key = backend.Key;
        return Change(Current with { Backends = Current.Backends.SetItem(key, backend) }, [], [key]);
    }

    private static HostName Parse(string host) =>
        HostName.TryParse(host, out var name) ? name : throw new ArgumentException($"\"{host}\" is no host of a rule", nameof(host));

    private RoutingChange Change(RoutingModel model, ImmutableHashSet<HostName> hosts, ImmutableHashSet<BackendKey> backends)
    {
        Current = model;
        return new(model, hosts, backends);
    }
}
