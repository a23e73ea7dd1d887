using System.Net.Sockets;
using System.Security.Authentication;

namespace IngressController.Proxy.Forwarding;

/// <summary>
/// Opens the connections to destinations: TCP, then the header of the PROXY protocol, then TLS, as far as they are asked for. It keeps the time limits itself, so
/// that a timeout comes out as an ordinary connection error and another destination can be tried; SocketsHttpHandler's own limit looks like a cancelled
/// request. Names are resolved here, for each connection.
/// </summary>
internal sealed class UpstreamConnector(
    UpstreamSetting setting, ReadOnlyMemory<byte> header, bool allowLocalTargets, TlsFailureLog failures, TimeProvider time)
{
    private readonly TcpConnector tcp = new(setting.ConnectTimeout, allowLocalTargets, time);
    private readonly UpstreamHandshake? tls = setting.Tls is { } identity ? new(identity, setting.IsHttp2) : null;

    /// <exception cref="TargetRefusedException">Every address is local and that is not allowed.</exception>
    /// <exception cref="SocketException">The name does not resolve, or no address accepts; TimedOut when the time is over.</exception>
    /// <exception cref="AuthenticationException">TLS failed.</exception>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var stream = await tcp.ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancellationToken);
        try
        {
            if (!header.IsEmpty)
            {
                await stream.WriteAsync(header, cancellationToken);
            }

            return tls is null ? stream : await tcp.InTimeAsync(setting.ConnectTimeout, limited => tls.ShakeHandsAsync(stream, limited), cancellationToken);
        }
        catch (Exception e)
        {
            await stream.DisposeAsync();
            if (e is AuthenticationException)
            {
                failures.Tell($"{context.DnsEndPoint.Host}:{context.DnsEndPoint.Port}", setting.Tls!, e.Message);
            }

            throw;
        }
    }
}
