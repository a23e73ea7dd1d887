using System.Collections.Concurrent;
using System.Net;

namespace IngressController.Proxy.Balancing;

/// <summary>
/// sessionAffinity: ClientIP of one backend: a client stays with its destination until it has been silent for the timeout, or the destination goes. The
/// first choice is by rendezvous hashing, on which all replicas agree; the memory keeps clients where they are when a destination is added. It is
/// bounded: beyond that many clients the hash alone decides, which still is the same for a client as long as destinations stay the same.
/// </summary>
/// <param name="id">Of a destination; the hash is made from it.</param>
internal sealed class ClientAffinity<T>(TimeProvider time, Func<T, string> id)
    where T : class
{
    public const int MostClients = 65_536;

    private readonly ConcurrentDictionary<IPAddress, Visit> visits = new();
    private int count;
    private long sweepAt;

    /// <param name="available">At least one.</param>
    /// <param name="timeout">How long a silent client is remembered.</param>
    public T Pick(IPAddress client, IReadOnlyList<T> available, TimeSpan timeout)
    {
        var now = time.GetTimestamp();
        var known = visits.GetValueOrDefault(client);
        if (known is not null && time.GetElapsedTime(Volatile.Read(ref known.Last), now) <= timeout && IsAmong(known.Destination, available))
        {
            Volatile.Write(ref known.Last, now);
            return known.Destination;
        }

        var picked = Rendezvous.Pick(client, available, id);
        Remember(client, new Visit(picked, now), known, now, timeout);
        return picked;
    }

    private void Remember(IPAddress client, Visit visit, Visit? known, long now, TimeSpan timeout)
    {
        if (known is not null)
        {
            visits.TryUpdate(client, visit, known);
            return;
        }

        Sweep(now, timeout);
        if (Volatile.Read(ref count) < MostClients && visits.TryAdd(client, visit))
        {
            Interlocked.Increment(ref count);
        }
    }

    /// <summary>At most once in half a timeout, by whichever request comes first.</summary>
    private void Sweep(long now, TimeSpan timeout)
    {
        var due = Volatile.Read(ref sweepAt);
        if (now < due || Interlocked.CompareExchange(ref sweepAt, now + (long)(timeout.TotalSeconds / 2 * time.TimestampFrequency), due) != due)
        {
            return;
        }

        foreach (var entry in visits)
        {
            if (time.GetElapsedTime(Volatile.Read(ref entry.Value.Last), now) > timeout && visits.TryRemove(entry))
            {
                Interlocked.Decrement(ref count);
            }
        }
    }

    private static bool IsAmong(T destination, IReadOnlyList<T> available)
    {
        for (var index = 0; index < available.Count; index++)
        {
            if (ReferenceEquals(available[index], destination))
            {
                return true;
            }
        }

        return false;
    }

    private sealed class Visit(T destination, long now)
    {
        public T Destination => destination;

        public long Last = now;
    }
}
