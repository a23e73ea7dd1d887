using System.Collections.Immutable;

namespace IngressController.Testing.ApiServer.Storage;

/// <summary>The fake's etcd: every revision until compaction, under one counter for all kinds.</summary>
internal sealed class ObjectStore
{
    /// <summary>Where a young cluster stands once its own objects are made.</summary>
    private const long FirstRevision = 250;

    private readonly Lock gate = new();
    private ImmutableList<Revision> revisions = [new(FirstRevision, ImmutableDictionary<ApiResource, ImmutableSortedDictionary<string, StoredObject>>.Empty, null)];

    public Revision Latest => Volatile.Read(ref revisions)[^1];

    /// <summary>What lists show, where that is not the latest.</summary>
    public Revision? Listed { get; set; }

    /// <summary>The oldest state that can still be read.</summary>
    public Revision Oldest => Volatile.Read(ref revisions)[0];

    /// <summary>The state at that number; null where it was compacted away or has not been yet.</summary>
    public Revision? Find(long number)
    {
        var known = Volatile.Read(ref revisions);
        return number < known[0].Number || number > known[^1].Number ? null : known[(int)(number - known[0].Number)];
    }

    /// <summary>One write at a time: whoever checks a state changes that state.</summary>
    /// <param name="write">What is to change, given the latest revision; null for nothing.</param>
    public void Write(Func<Revision, Change?> write)
    {
        lock (gate)
        {
            if (write(Latest) is { } change)
            {
                Volatile.Write(ref revisions, revisions.Add(Latest.Append(change)));
            }
        }
    }

    /// <summary>Forgets every state but the latest.</summary>
    public void Compact()
    {
        lock (gate)
        {
            Volatile.Write(ref revisions, [Latest]);
        }
    }

    /// <summary>Goes back to a state that was: its successors get their numbers once more.</summary>
    public void Restore(Revision state)
    {
        lock (gate)
        {
            Volatile.Write(ref revisions, [state.Detach()]);
        }
    }
}
