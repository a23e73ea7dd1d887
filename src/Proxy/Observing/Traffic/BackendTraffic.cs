namespace IngressController.Proxy.Observing.Traffic;

/// <summary>What the destinations of one backend did lately. A destination is known from the first request to it until it is gone.</summary>
public sealed class BackendTraffic
{
    private readonly TimeProvider time;
    private readonly Lock gate = new();

    /// <summary>Replaced as a whole, so that requests look into it without waiting.</summary>
    private volatile Dictionary<string, DestinationTraffic> destinations = new(StringComparer.Ordinal);

    internal BackendTraffic(TimeProvider time) => this.time = time;

    /// <param name="destination">Address and port.</param>
    /// <returns>Null where it had no request yet.</returns>
    public DestinationTraffic? Find(string destination) => destinations.GetValueOrDefault(destination);

    public void AddTo(TrafficSum sum, DateTimeOffset now)
    {
        foreach (var destination in destinations.Values)
        {
            destination.AddTo(sum, now);
        }
    }

    internal DestinationTraffic Of(string destination) => destinations.TryGetValue(destination, out var known) ? known : Add(destination);

    /// <summary>Forgets the others.</summary>
    internal void Keep(IReadOnlySet<string> known)
    {
        if (destinations.Keys.Any(destination => !known.Contains(destination)))
        {
            lock (gate)
            {
                destinations = new(destinations.Where(pair => known.Contains(pair.Key)), StringComparer.Ordinal);
            }
        }
    }

    private DestinationTraffic Add(string destination)
    {
        lock (gate)
        {
            if (!destinations.TryGetValue(destination, out var known))
            {
                known = new(time.GetUtcNow());
                destinations = new(destinations, StringComparer.Ordinal) { [destination] = known };
            }

            return known;
        }
    }
}
