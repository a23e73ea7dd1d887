using System.Net;

namespace IngressController.Proxy.Balancing;

/// <summary>
/// Rendezvous hashing: of all destinations, a client gets the one whose hash together with the client's address is highest. Every replica of the
/// controller decides the same without talking, and only 1/n of the clients move when a destination comes or goes.
/// </summary>
internal static class Rendezvous
{
    private const ulong FnvOffset = 14695981039346656037;
    private const ulong FnvPrime = 1099511628211;

    /// <param name="items">At least one.</param>
    public static T Pick<T>(IPAddress client, IReadOnlyList<T> items, Func<T, string> id)
    {
        Span<byte> address = stackalloc byte[16];
        client.TryWriteBytes(address, out var length);
        var seed = FnvOffset;
        foreach (var part in address[..length])
        {
            seed = (seed ^ part) * FnvPrime;
        }

        var (best, highest) = (items[0], 0UL);
        for (var index = 0; index < items.Count; index++)
        {
            var score = Score(seed, id(items[index]));
            if (score > highest)
            {
                (best, highest) = (items[index], score);
            }
        }

        return best;
    }

    /// <summary>FNV-1a over the id, then SplitMix64's finisher: without it, ids that differ in the last digit only would get neighbouring scores.</summary>
    private static ulong Score(ulong seed, string id)
    {
        var hash = seed;
        foreach (var character in id)
        {
            hash = (hash ^ character) * FnvPrime;
        }

        hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9;
        hash = (hash ^ (hash >> 27)) * 0x94d049bb133111eb;
        return hash ^ (hash >> 31);
    }
}
