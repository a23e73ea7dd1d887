using System.Collections.Immutable;
using Objects = System.Collections.Immutable.ImmutableDictionary<
    IngressController.Testing.ApiServer.Storage.ApiResource,
    System.Collections.Immutable.ImmutableSortedDictionary<string, IngressController.Testing.ApiServer.Storage.StoredObject>>;

namespace IngressController.Testing.ApiServer.Storage;

/// <param name="Object">The new state; of a deletion the last one, with the deletion's resourceVersion.</param>
internal sealed record Change(StoredObject? Before, StoredObject Object, bool IsDeletion);

/// <summary>
/// Everything that was stored at one resourceVersion, and the way to the next: a watch walks this chain, so compaction,
/// which forgets revisions by number, never takes anything from a watch that runs.
/// </summary>
/// <param name="change">What made it; null for the first.</param>
internal sealed class Revision(long number, Objects objects, Change? change)
{
    private readonly TaskCompletionSource<Revision> next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public long Number => number;

    public Change? Change => change;

    public Task<Revision> Next => next.Task;

    /// <summary>In the order of their keys.</summary>
    public IEnumerable<StoredObject> List(ApiResource resource, string @namespace) =>
        OfKind(resource).Values.Where(item => @namespace.Length == 0 || item.Namespace == @namespace);

    public StoredObject? Find(ApiResource resource, string @namespace, string name) => OfKind(resource).GetValueOrDefault(resource.KeyOf(@namespace, name));

    /// <summary>Called once on each revision, by the one writer.</summary>
    public Revision Append(Change made)
    {
        var (kind, item) = (OfKind(made.Object.Resource), made.Object);
        var changed = made.IsDeletion ? kind.Remove(item.Key) : kind.SetItem(item.Key, item);
        var revision = new Revision(item.ResourceVersion, objects.SetItem(item.Resource, changed), made);
        next.SetResult(revision);
        return revision;
    }

    /// <summary>The same objects at the start of another chain.</summary>
    public Revision Detach() => new(number, objects, null);

    private ImmutableSortedDictionary<string, StoredObject> OfKind(ApiResource resource) =>
        objects.GetValueOrDefault(resource) ?? ImmutableSortedDictionary.Create<string, StoredObject>(StringComparer.Ordinal);
}
