namespace IngressController.Proxy.Balancing;

/// <summary>
/// Whose turn it is. Stays even while destinations come and go: the turn stays with the one that would have been next, where a bare counter modulo the
/// new count would jump. It begins at a random place, or every replica would begin with the same pod.
/// </summary>
internal sealed class Turn
{
    private int turn = Random.Shared.Next();

    /// <summary>The index of the next one of so many.</summary>
    public int Next(int count) => Index(Interlocked.Increment(ref turn) - 1, count);

    /// <summary>Called by the single writer just before it publishes the new order.</summary>
    public void Continue<T>(IReadOnlyList<T> before, IReadOnlyList<T> after)
        where T : class
    {
        if (before.Count == 0 || after.Count == 0)
        {
            return;
        }

        var next = Index(Volatile.Read(ref turn), before.Count);
        for (var step = 0; step < before.Count; step++)
        {
            var heir = IndexOf(after, before[(next + step) % before.Count]);
            if (heir >= 0)
            {
                Volatile.Write(ref turn, heir);
                return;
            }
        }
    }

    private static int Index(int turn, int count) => (int)((uint)turn % (uint)count);

    private static int IndexOf<T>(IReadOnlyList<T> items, T wanted)
    {
        for (var index = 0; index < items.Count; index++)
        {
            if (ReferenceEquals(items[index], wanted))
            {
                return index;
            }
        }

        return -1;
    }
}
