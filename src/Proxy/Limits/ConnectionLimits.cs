using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace IngressController.Proxy.Limits;

/// <summary>Counts the connections of all public ports, and those of each client, and closes what is too many.</summary>
internal sealed class ConnectionLimits(IOptions<ProxyOptions> options, LimitMetrics metrics, TimeProvider time)
{
    private readonly LimitOptions limits = options.Value.Limits;
    private readonly ClientConnections clients = new(options.Value.Limits.MaxConnectionsPerClient, () => metrics.Hit(Limit.ConnectionsPerClient));
    private int connections;

    /// <summary>Connections that are open.</summary>
    public int Current => Volatile.Read(ref connections);

    /// <summary>Before anything is read.</summary>
    public Func<T, Task> CountAll<T>(Func<T, Task> next)
        where T : BaseConnectionContext => async connection =>
    {
        connection.Features.Set(new ConnectionRequests(time));
        try
        {
            if (Interlocked.Increment(ref connections) > limits.MaxConnections && limits.MaxConnections > 0)
            {
                metrics.Hit(Limit.Connections);
                connection.Abort();
                return;
            }

            await next(connection);
        }
        finally
        {
            Interlocked.Decrement(ref connections);
        }
    };

    /// <summary>Where the client's address is known.</summary>
    public Func<T, Task> CountClient<T>(Func<T, Task> next)
        where T : BaseConnectionContext => limits.MaxConnectionsPerClient == 0 ? next : clients.Count(next);
}
