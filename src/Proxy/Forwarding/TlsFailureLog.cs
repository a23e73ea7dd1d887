using System.Collections.Concurrent;
using IngressController.Routing.Model;
using Microsoft.Extensions.Logging;

namespace IngressController.Proxy.Forwarding;

/// <summary>Tells why handshakes with destinations fail. One that always fails would fill the log, so each destination is told of once a minute.</summary>
internal sealed class TlsFailureLog(TimeProvider time, ILogger<DataPlane> logger)
{
    private const int MostDestinations = 1024;

    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, long> told = [];

    public void Tell(string destination, UpstreamIdentity identity, string why)
    {
        var now = time.GetTimestamp();
        if (told.TryGetValue(destination, out var last) && time.GetElapsedTime(last, now) < Pause)
        {
            return;
        }

        if (told.Count >= MostDestinations)
        {
            told.Clear(); // a line too many is better than memory that grows
        }

        told[destination] = now;
        Log.UpstreamTlsFailed(logger, destination, identity.Name, why);
    }
}
