using IngressController.Routing.Model;

namespace IngressController.Routing.Matching;

/// <summary>
/// For which hosts TLS is asked: by an entry of <c>spec.tls</c> for the host itself, for the wildcard that covers it, or for any host. As with the certificates of
/// handshakes, what is known of a host hides nothing by saying nothing: a host that only asks clients for certificates has TLS if its wildcard has.
/// </summary>
public sealed class TlsHosts
{
    private readonly HostTable<HostTls> asking;

    private TlsHosts(HostTable<HostTls> asking) => this.asking = asking;

    public static TlsHosts None { get; } = new(HostTable<HostTls>.Create());

    /// <param name="changed">Hosts whose TLS may be another in this model.</param>
    public TlsHosts With(IReadOnlyCollection<HostName> changed, RoutingModel model) =>
        changed.Count == 0 ? this : new(asking.With(changed, host => model.Tls.GetValueOrDefault(host) is { IsAskedFor: true } tls ? tls : null));

    /// <param name="host">Without port and trailing dot; empty where the client names none. Of a wildcard: whether TLS is asked for what it covers.</param>
    public bool Ask(ReadOnlySpan<char> host) => asking.Find(host) is not null;
}
