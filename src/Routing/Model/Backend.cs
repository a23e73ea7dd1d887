using IngressController.Cluster;
using IngressController.Cluster.Resources;

namespace IngressController.Routing.Model;

/// <summary>What the destinations of a backend speak.</summary>
public enum BackendProtocol
{
    /// <summary>HTTP/1.1 in cleartext, with upgrades (WebSocket).</summary>
    Http,

    /// <summary>HTTP/1.1 over TLS, with upgrades.</summary>
    Https,

    /// <summary>HTTP/2 in cleartext with prior knowledge (h2c, gRPC).</summary>
    H2c,

    /// <summary>HTTP/2 over TLS (gRPC).</summary>
    H2,

    /// <summary>HTTP/1.1 over TLS, with upgrades (wss).</summary>
    Http1OverTls,
}

public enum Balancing
{
    RoundRobin,
    LeastRequests,
    PowerOfTwoChoices,
    Random,
}

/// <summary>How a route wants its backend to be used. Two routes to one Service port with different policies have two backends.</summary>
/// <param name="Protocol">Null: what the port's appProtocol says.</param>
/// <param name="Tls">How TLS is spoken where the protocol has it.</param>
/// <param name="ProxyProtocol">What every connection begins with; it then carries requests of one client only.</param>
public sealed record UpstreamPolicy(
    BackendProtocol? Protocol, Balancing Balancing, TimeSpan ConnectTimeout, TimeSpan IdleTimeout, UpstreamTls Tls, ProxyProtocolVersion ProxyProtocol)
{
    /// <summary>ingress-nginx's defaults: 5 s to connect, 60 s between two reads or writes.</summary>
    public static UpstreamPolicy Default { get; } =
        new(null, Balancing.RoundRobin, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(60), UpstreamTls.Default, ProxyProtocolVersion.None);
}

/// <summary>The header in front of a connection that tells the client's address (haproxy.org's proxy-protocol.txt).</summary>
public enum ProxyProtocolVersion
{
    None,
    V1,
    V2,
}

/// <summary>The identity of a backend: one port of one Service, used under one policy.</summary>
public sealed record BackendKey(NamespacedName Service, PortReference Port, UpstreamPolicy Policy)
{
    public override string ToString() => $"{Service}:{Port}";
}

/// <summary>One address behind a backend.</summary>
/// <param name="Host">An IP address without brackets, or the DNS name of an ExternalName Service.</param>
public readonly record struct Destination(string Host, int Port)
{
    /// <summary><c>10.0.0.7:8080</c>, <c>[fd00::7]:8080</c> or <c>example.com:80</c>.</summary>
    public override string ToString() => Host.Contains(':') ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}

/// <summary>Why a backend has no destination to offer.</summary>
/// <param name="Code">Also the reason word of the 503.</param>
/// <param name="Message">As in a <see cref="Problem"/>.</param>
public sealed record BackendTrouble(ProblemCode Code, string Message, string Cure);

/// <summary>A backend as it stands now.</summary>
/// <param name="Destinations">In a stable order, without duplicates. Empty exactly where there is trouble.</param>
/// <param name="ClientIPAffinity">Requests of one client address go to one destination; forgotten after this idle time. Null: no affinity.</param>
/// <param name="Trouble">Null where there is at least one destination.</param>
/// <param name="Warnings">What is not quite as asked for (an unknown appProtocol, an unusable slice).</param>
/// <param name="PassedOver">The Service's other endpoints with this port, in the order of their addresses. Of a dual-stack Service only one family, since the other one has the same pods.</param>
/// <param name="Tls">Null where the protocol is without TLS, or there is trouble.</param>
public sealed record Backend(
    BackendKey Key,
    BackendProtocol Protocol,
    EquatableArray<Destination> Destinations,
    TimeSpan? ClientIPAffinity,
    BackendTrouble? Trouble,
    EquatableArray<BackendTrouble> Warnings,
    EquatableArray<PassedOverEndpoint> PassedOver = default,
    UpstreamIdentity? Tls = null);
