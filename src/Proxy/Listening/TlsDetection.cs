using Microsoft.AspNetCore.Connections;

namespace IngressController.Proxy.Listening;

/// <summary>Looks at the <see cref="ClientHello"/> of a connection, without taking it, and leaves it to those who come after as a feature. What is no TLS is closed.</summary>
internal sealed class TlsDetection(ConnectionDelegate next, TimeSpan timeout, TimeProvider time)
{
    public async Task OnConnectionAsync(ConnectionContext connection)
    {
        if (await FirstBytes.ReadAsync<ClientHello?>(connection, ClientHello.Read, timeout, time) is not { Value: { } hello })
        {
            return; // the connection closes
        }

        connection.Features.Set(hello);
        await next(connection);
    }
}
