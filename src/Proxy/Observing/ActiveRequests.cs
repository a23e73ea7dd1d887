using System.Diagnostics.Metrics;
using IngressController.Proxy.Backends;

namespace IngressController.Proxy.Observing;

/// <summary>How many requests of one <see cref="RouteNames"/> are under way.</summary>
internal sealed class ActiveCount
{
    private int count;
    private int isListed;

    public int Count => Volatile.Read(ref count);

    /// <summary>Whether it stands among those that are looked through. Written with a full fence, as the count is: whoever changes one sees the other's change, or is seen.</summary>
    public bool IsListed
    {
        get => Volatile.Read(ref isListed) == 1;
        set => Interlocked.Exchange(ref isListed, value ? 1 : 0);
    }

    public void Begin() => Interlocked.Increment(ref count);

    public void End() => Interlocked.Decrement(ref count);
}

/// <summary>
/// The requests that are under way. Only names that have some are looked through: a big cluster has tens of thousands. An Ingress that changes gets new names while
/// requests still run under the old ones, so equal names are added up.
/// </summary>
internal sealed class ActiveRequests
{
    private const int Few = 64;

    private readonly Lock listing = new();
    private readonly List<RouteNames> listed = [];
    private int enough = Few;

    public void Begin(RouteNames names)
    {
        names.Active.Begin();
        if (!names.Active.IsListed)
        {
            List(names);
        }
    }

    public static void End(RouteNames names) => names.Active.End();

    public IEnumerable<Measurement<int>> Observe()
    {
        lock (listing)
        {
            listed.RemoveAll(IsIdle);
            return [.. from names in listed
                       group names by (names.Namespace, names.Ingress, names.Service) into same
                       select new Measurement<int>(same.Sum(names => names.Active.Count), RequestMetrics.Tags(same.First()))];
        }
    }

    private void List(RouteNames names)
    {
        lock (listing)
        {
            if (!names.Active.IsListed)
            {
                if (listed.Count >= enough) // nobody may ever ask
                {
                    listed.RemoveAll(IsIdle);
                    enough = Math.Max(Few, 2 * listed.Count);
                }

                names.Active.IsListed = true;
                listed.Add(names);
            }
        }
    }

    private static bool IsIdle(RouteNames names)
    {
        if (names.Active.Count > 0)
        {
            return false;
        }

        names.Active.IsListed = false;
        if (names.Active.Count == 0)
        {
            return true;
        }

        names.Active.IsListed = true; // one began meanwhile, and may have seen that it was listed
        return false;
    }
}
