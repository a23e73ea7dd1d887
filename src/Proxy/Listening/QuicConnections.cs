using IngressController.Proxy.Limits;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace IngressController.Proxy.Listening;

/// <summary>
/// What holds for connections over QUIC as for those over TCP. Kestrel has another pipeline for them, which begins after the handshake: there is nothing to be read before TLS, so
/// neither PROXY headers nor passthrough nor challenges; and the client's address has been seen to be its own.
/// </summary>
internal sealed class QuicConnections(ConnectionMetrics metrics, ConnectionLimits limits)
{
    public void Use(IMultiplexedConnectionBuilder listener)
    {
        listener.Use(next => metrics.Count<MultiplexedConnectionContext>(next.Invoke, "https").Invoke);
        listener.Use(next => limits.CountAll<MultiplexedConnectionContext>(next.Invoke).Invoke);
        listener.Use(next => connection =>
        {
            PeerDetection.Unmap(connection);
            metrics.HandshakeOverQuic();
            return next(connection);
        });
        listener.Use(next => limits.CountClient<MultiplexedConnectionContext>(next.Invoke).Invoke);
    }
}
