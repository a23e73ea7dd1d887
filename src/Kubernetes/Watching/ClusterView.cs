using IngressController.Cluster;
using IngressController.Cluster.Resources;

namespace IngressController.Kubernetes.Watching;

/// <summary>What the reflectors told that was not passed on yet. Belongs to one loop.</summary>
/// <param name="toldBefore">What an earlier loop passed on, which may be gone since.</param>
internal sealed class ClusterView(IEnumerable<Reflector> reflectors, Referrals referrals, ReferredObjects referred, IEnumerable<ResourceKey> toldBefore)
{
    private readonly HashSet<Reflector> unlisted = [.. reflectors];
    private readonly HashSet<Reflector> awaited = [.. reflectors];
    private readonly HashSet<ResourceKey> doubtful = [.. toldBefore];
    private Dictionary<ResourceKey, ResourceChange> changes = [];
    private readonly Dictionary<Reflector, Problem> troubles = [];
    private EquatableArray<Problem> problems;
    private long? watched;
    private bool isNew;

    /// <summary>It is known what the Ingresses that were there refer to.</summary>
    public bool KnowsReferrals { get; private set; }

    public void Take(News news)
    {
        switch (news.Kind)
        {
            case NewsKind.Listed:
                isNew |= awaited.Remove(news.From);
                unlisted.Remove(news.From);
                EndDoubt(news.From.Scope.Kind.Kind);
                break;
            case NewsKind.Troubled when news.Problem is { } problem:
                troubles[news.From] = problem;
                isNew |= IsDispensable(news) && awaited.Remove(news.From);
                break;
            case NewsKind.Troubled:
                troubles.Remove(news.From);
                break;
            default:
                TakeObject(news);
                break;
        }
    }

    /// <summary>Null where there is nothing to tell.</summary>
    public SourceUpdate? NextUpdate()
    {
        var before = problems;
        problems = troubles.Values.Distinct().Order().ToEquatableArray();
        var isSynced = awaited.Count == 0;
        if (!(isSynced && (isNew || changes.Count > 0)) && problems == before)
        {
            watched = changes.Count == 0 ? null : watched; // of news that nobody wants nothing is told
            return null;
        }

        var update = new SourceUpdate(isSynced ? changes.Values.ToEquatableArray() : [], problems, isSynced) { Came = isNew ? null : watched };
        (isNew, watched) = (false, null);
        if (isSynced)
        {
            changes = []; // not cleared: it would keep the room that the first list took
        }

        return update;
    }

    private void TakeObject(News news)
    {
        watched ??= news.Watched;
        if (news.From.Scope.Kind.IsByReference)
        {
            Tell(referred.Take(news));
            return;
        }

        Tell(news.Change);
        if (news.Change.Key.Kind == ResourceKind.Ingress)
        {
            foreach (var change in referred.Review(referrals.Follow(news.Change.Key.Name, (Ingress?)news.Change.Resource)))
            {
                Tell(change);
            }
        }
    }

    private void Tell(ResourceChange? told)
    {
        if (told is { } change)
        {
            changes[change.Key] = change;
            doubtful.Remove(change.Key);
        }
    }

    /// <summary>What an earlier loop told and this one did not find went in between.</summary>
    private void EndDoubt(ResourceKind kind)
    {
        if (unlisted.Any(reflector => reflector.Scope.Kind.Kind == kind))
        {
            return;
        }

        KnowsReferrals |= kind == ResourceKind.Ingress;
        foreach (var key in doubtful.Where(key => key.Kind == kind).ToList())
        {
            Tell(new ResourceChange(key, null));
        }
    }

    /// <summary>Everything is waited for at the start, but what the program can do without only as long as there is no trouble with it.</summary>
    private static bool IsDispensable(News news) => !news.From.Scope.IsRequired || (news.IsRefused && news.From.Scope.MayBeRefused);
}
