using IngressController.Cluster;

namespace IngressController.Kubernetes.Watching;

/// <summary>
/// The Secrets and ConfigMaps that exist. Of those that nothing refers to only the key is known; when that changes, the object is read by itself. Belongs to
/// one loop.
/// </summary>
internal sealed class ReferredObjects(Referrals referrals, Recalls recalls)
{
    private static readonly ResourceKind[] Kinds = [.. WatchedKind.All.Where(kind => kind.IsByReference).Select(kind => kind.Kind).Distinct()];

    private readonly Dictionary<ResourceKey, Existing> objects = [];

    /// <returns>What is to be told; null for nothing.</returns>
    public ResourceChange? Take(News news)
    {
        var key = news.Change.Key;
        var isKnown = objects.TryGetValue(key, out var existing);
        if (news.Kind == NewsKind.Recalled)
        {
            return isKnown && existing.Awaits == news.Answers ? Answered(existing, news.Change) : null;
        }

        if (news.Kind == NewsKind.Changed && news.Change.Resource is null)
        {
            objects.Remove(key);
            return existing.IsTold ? news.Change : null;
        }

        var isWanted = referrals.Has(key.Name);
        if (isWanted && news.Kind == NewsKind.Changed)
        {
            objects[key] = new(news.From, IsTold: true, Awaits: null);
            return news.Change;
        }

        // What was passed over may have been wanted meanwhile, and an answer that is under way may be older than this.
        objects[key] = new(news.From, existing.IsTold && isWanted, isWanted ? recalls.Begin(news.From, key) : null);
        return existing.IsTold && !isWanted ? new(key, null) : null;
    }

    /// <summary>Whether something refers to these names has changed.</summary>
    public IEnumerable<ResourceChange> Review(IEnumerable<NamespacedName> names)
    {
        foreach (var key in from name in names from kind in Kinds select new ResourceKey(kind, name))
        {
            if (!objects.TryGetValue(key, out var existing))
            {
                continue;
            }

            var isWanted = referrals.Has(key.Name);
            objects[key] = existing with { IsTold = false, Awaits = isWanted ? recalls.Begin(existing.From, key) : null };
            if (existing.IsTold)
            {
                yield return new(key, null);
            }
        }
    }

    /// <summary>Null is no news: that the object is gone comes by the watch.</summary>
    private ResourceChange? Answered(Existing existing, ResourceChange answer)
    {
        objects[answer.Key] = existing with { IsTold = existing.IsTold || answer.Resource is not null, Awaits = null };
        return answer.Resource is null ? null : answer;
    }

    /// <param name="IsTold">With its content.</param>
    /// <param name="Awaits">The one answer that would be no older than what is known.</param>
    private readonly record struct Existing(Reflector From, bool IsTold, Recall? Awaits);
}
