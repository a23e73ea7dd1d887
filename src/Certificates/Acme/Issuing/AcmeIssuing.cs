using System.Diagnostics.Metrics;
using IngressController.Cluster;
using Microsoft.Extensions.Logging;

namespace IngressController.Certificates.Acme.Issuing;

/// <summary>
/// Certificates by ACME: every replica follows what is wanted and what became of it, and the leader obtains it. What the leader writes comes back as news, to itself too.
/// </summary>
public sealed class AcmeIssuing
{
    private readonly Survey survey;
    private readonly NewsBoard board = new();
    private readonly Troubles troubles = new();
    private readonly IssuingLoop loop;
    private readonly TimeProvider time;
    private volatile Judgement? judged;

    public AcmeIssuing(AcmeOptions options, ISecretWriter writer, IMeterFactory meters, TimeProvider time, ILogger<AcmeIssuing> log)
    {
        (survey, this.time) = (new(options), time);
        loop = new(options, writer, board, troubles, new(meters, () => Statuses), time, log);
    }

    /// <summary>Of each certificate that Ingresses ask for, in the order of their Secrets.</summary>
    public EquatableArray<AcmeStatus> Statuses => board.Now is { } news ? Judge(news).Statuses : [];

    /// <summary>In their one order; the very list of before where nothing has changed. The leader has some that others do not have: what it cannot write.</summary>
    public EquatableArray<Problem> Problems
    {
        get
        {
            var found = board.Now is { } news ? Judge(news).Problems : [];
            var own = troubles.Problems.ToList();
            return own.Count == 0 ? found : [.. found.Concat(own).Order()];
        }
    }

    /// <summary>Where Secrets are named that are to be obtained: an object and a field of it. That one is still missing needs no cure. The very list of before where nothing has changed.</summary>
    public EquatableArray<(ResourceKey Object, string Field)> Awaited => board.Now is { } news ? Judge(news).Awaited : [];

    /// <summary>What is served now. Call it in every replica and from one task only. Costs next to nothing where no Ingress and no Secret has changed.</summary>
    /// <param name="served">The Ingresses that are ours.</param>
    public void Note(ClusterSnapshot snapshot, IEnumerable<NamespacedName> served)
    {
        var news = survey.Next(snapshot, served);
        if (!ReferenceEquals(news, board.Now))
        {
            board.Put(news);
        }
    }

    /// <summary>What is wrong with what Ingresses ask for, as far as the objects themselves tell, in one order; and <see cref="Awaited"/>.</summary>
    /// <param name="served">The Ingresses that are ours.</param>
    public static (EquatableArray<Problem> Problems, EquatableArray<(ResourceKey Object, string Field)> Awaited) Check(
        ClusterSnapshot snapshot, IEnumerable<NamespacedName> served, AcmeOptions options)
    {
        var wanted = WantedCertificates.In(snapshot, served, options);
        return (wanted.Problems, AwaitedOf(wanted));
    }

    /// <summary>One term of leadership: obtains and renews what is wanted. Ends with the term, by <see cref="OperationCanceledException"/>.</summary>
    public Task RunAsync(CancellationToken term) => loop.RunAsync(term);

    private Judgement Judge(News news)
    {
        var (known, now) = (judged, time.GetUtcNow());
        return ReferenceEquals(known?.News, news) && !known.Holds.Any(hold => hold.IsOver(now))
            ? known
            : judged = new(news, [.. news.State.Holds.Where(hold => !hold.IsOver(now))], AcmeStatuses.Of(news, now), AcmeStatuses.Problems(news, now), AwaitedOf(news.Wanted));
    }

    private static EquatableArray<(ResourceKey Object, string Field)> AwaitedOf(WantedCertificates certificates) =>
        [.. certificates.All.SelectMany(wanted => wanted.Askers).Select(asker => (new ResourceKey(ResourceKind.Ingress, asker.Ingress), asker.Field))];

    /// <param name="Holds">That are not over, as far as it knows.</param>
    private sealed record Judgement(
        News News, EquatableArray<HoldRecord> Holds, EquatableArray<AcmeStatus> Statuses, EquatableArray<Problem> Problems, EquatableArray<(ResourceKey Object, string Field)> Awaited);
}
