using IngressController.Cluster;

namespace IngressController.Kubernetes.Watching;

/// <summary>What the reflectors told that was not passed on yet. Belongs to one loop.</summary>
/// <param name="isScoped">Only some namespaces are read, perhaps with nothing but Roles in them: then a kind of the whole cluster may be refused, and is done without.</param>
internal sealed class ClusterView(IEnumerable<Reflector> reflectors, bool isScoped)
{
    private readonly HashSet<Reflector> awaited = [.. reflectors.Where(reflector => reflector.Kind.IsRequired)];
    private readonly Dictionary<ResourceKey, ResourceChange> changes = [];
    private readonly Dictionary<Reflector, Problem> troubles = [];
    private EquatableArray<Problem> problems;
    private bool isNew;

    public void Take(News news)
    {
        switch (news.Kind)
        {
            case NewsKind.Changed:
                changes[news.Change.Key] = news.Change;
                break;
            case NewsKind.Listed:
                isNew |= awaited.Remove(news.From);
                break;
            case NewsKind.Troubled when news.Problem is { } problem:
                troubles[news.From] = problem;
                isNew |= news.IsRefused && isScoped && !news.From.Kind.IsNamespaced && awaited.Remove(news.From);
                break;
            default:
                troubles.Remove(news.From);
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
            return null;
        }

        var update = new SourceUpdate(isSynced ? changes.Values.ToEquatableArray() : [], problems, isSynced);
        isNew = false;
        if (isSynced)
        {
            changes.Clear();
        }

        return update;
    }
}
