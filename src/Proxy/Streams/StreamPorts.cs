using System.Net;
using System.Net.Sockets;
using IngressController.Cluster;
using IngressController.Routing.Model;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IngressController.Proxy.Streams;

/// <summary>The ports of TCP and UDP services. They open, change and close as the model does; what they carry lives on.</summary>
public sealed class StreamPorts : IDisposable
{
    private readonly ProxyOptions options;
    private readonly SessionBook book;
    private readonly TimeProvider time;
    private readonly StreamSessions connections;
    private readonly Dictionary<StreamKey, IStreamPort> open = [];
    private readonly Dictionary<StreamKey, (StreamService Service, Problem Problem)> failed = [];
    private bool isStopped;

    internal StreamPorts(IOptions<ProxyOptions> options, SessionBook book, TimeProvider time, ILogger<StreamPorts> logger)
    {
        (this.options, this.book, this.time) = (options.Value, book, time);
        connections = new(options.Value.Limits.MaxConnections, logger);
    }

    /// <summary>Of the ports that cannot be opened.</summary>
    public EquatableArray<Problem> Problems { get; private set; }

    /// <summary>How often in a row the same ports could not be opened; 0: all are open. Worth another <see cref="Apply(RoutingChange)"/> later, also without news.</summary>
    public int FailedTries { get; private set; }

    /// <summary>Makes a change live. What could not be opened before is tried again. Call it from one task only; it does not throw for what objects say.</summary>
    public void Apply(RoutingChange change)
    {
        if (isStopped || (change.Streams.IsEmpty && failed.Count == 0))
        {
            return;
        }

        HashSet<StreamKey> failedBefore = [.. failed.Keys];
        foreach (var key in change.Streams.Union(failed.Keys).Order(Comparer<StreamKey>.Create(static (one, other) => one.Port.CompareTo(other.Port))))
        {
            Apply(key, change.Model.Streams.GetValueOrDefault(key));
        }

        Problems = failed.Values.Select(entry => entry.Problem).Order().ToEquatableArray();
        FailedTries = failed.Count == 0 ? 0 : failedBefore.IsSupersetOf(failed.Keys) ? FailedTries + 1 : 1;
    }

    /// <summary>Takes nothing new, and lets what is under way finish.</summary>
    /// <param name="giveUp">Ends what still goes on.</param>
    public Task StopAsync(CancellationToken giveUp)
    {
        lock (open)
        {
            isStopped = true;
            foreach (var port in open.Values)
            {
                port.Close();
            }

            open.Clear();
        }

        return connections.DrainAsync(giveUp);
    }

    public void Dispose() => connections.Dispose();

    private void Apply(StreamKey key, StreamService? service)
    {
        lock (open)
        {
            failed.Remove(key);
            if (service is null)
            {
                if (open.Remove(key, out var gone))
                {
                    gone.Close();
                }
            }
            else if (open.TryGetValue(key, out var known))
            {
                known.Update(service);
            }
            else if (!isStopped)
            {
                Open(service);
            }
        }
    }

    private void Open(StreamService service)
    {
        var socket = StreamSocket.Create(service.Key.Protocol, options.BindAddress);
        try
        {
            socket.Bind(StreamSocket.Address(options.BindAddress, service.Key.Port));
            open[service.Key] = service.Key.Protocol == StreamProtocol.Tcp
                ? new TcpPort(socket, service, options, connections, book, time)
                : new UdpPort(socket, service, options, connections, book, time);
        }
        catch (SocketException failure)
        {
            socket.Dispose();
            failed[service.Key] = (service, new(
                ProblemCode.StreamPortUnavailable, Severity.Error, new(ResourceKind.ConfigMap, service.Origin), $"data[{service.Key.Port}]", Explain(service.Key, failure), "Use another port"));
        }
    }

    private static string Explain(StreamKey key, SocketException failure) => failure.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => $"port {key} is in use by another program",
        SocketError.AccessDenied => $"port {key} may not be used without privileges",
        _ => $"port {key} cannot be opened: {failure.Message}",
    };
}
