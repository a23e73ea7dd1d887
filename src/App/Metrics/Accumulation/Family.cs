using IngressController.App.Metrics.Text;

namespace IngressController.App.Metrics.Accumulation;

internal enum FamilyKind
{
    Counter,
    Gauge,
    Histogram,
}

/// <summary>All series of one name.</summary>
/// <param name="bounds">Of a histogram, ascending and finite.</param>
/// <param name="most">So many series of objects may stand for themselves; null: any number.</param>
/// <param name="isObserved">What is not in the last round is gone.</param>
/// <param name="isNamedByUs">No: the name is another program's and stays as it is.</param>
internal sealed class Family(MetricName name, FamilyKind kind, string help, double[] bounds, int? most, bool isObserved, bool isNamedByUs)
{
    private readonly Dictionary<byte[], Series> series = new(LabelsComparer.Instance);
    private int ofObjects;

    public MetricName Name => name;

    public FamilyKind Kind => kind;

    public string Help => help;

    public double[] Bounds => bounds;

    public bool IsNamedByUs => isNamedByUs;

    public Dictionary<byte[], Series>.ValueCollection All => series.Values;

    /// <summary>The series that these labels belong to: their own, or where there are too many the one of all others.</summary>
    public Series Find(Labels labels)
    {
        var known = series.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (known.TryGetValue(labels.Text, out var found))
        {
            return found;
        }

        var isOther = labels.IsOfObject && ofObjects >= most;
        if (isOther)
        {
            labels.BecomeOther();
            if (known.TryGetValue(labels.Text, out found))
            {
                return found;
            }
        }

        var isOfObject = labels.IsOfObject && !isOther;
        ofObjects += isOfObject ? 1 : 0;
        var text = labels.Text.ToArray();
        return series[text] = new(text, isOfObject);
    }

    /// <summary>Forgets objects of which nothing has been heard for so long, and what is no longer observed.</summary>
    public void Expire(long round, DateTimeOffset before)
    {
        foreach (var (key, item) in series) // removing is allowed while one goes through a Dictionary
        {
            var isIdle = item.IsOfObject && item.At < before && (item.Round != round || item.Value == 0); // the SDK repeats what goes up and down for ever
            if (isObserved ? item.Round != round : isIdle)
            {
                series.Remove(key);
                ofObjects -= item.IsOfObject ? 1 : 0;
            }
        }
    }
}
