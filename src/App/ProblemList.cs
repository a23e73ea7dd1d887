using IngressController.Certificates;
using IngressController.Cluster;
using IngressController.Routing.Translation;

namespace IngressController.App;

/// <summary>The problems that stand, from each room that finds some. Collecting them takes time in proportion to their number: it is left to who needs them.</summary>
/// <param name="Awaited">Where Secrets are named that are being obtained: whatever hinders that is a problem, but not that they are not there yet.</param>
internal sealed record ProblemList(
    EquatableArray<Problem> OfSource, Translation Translation, CertificateProblems OfCertificates, EquatableArray<Problem> OfStreams = default, EquatableArray<Problem> OfAcme = default,
    EquatableArray<(ResourceKey Object, string Field)> Awaited = default)
{
    public IReadOnlyList<Problem> All => [.. OfSource, .. Translation.Problems, .. WithoutAwaited(OfCertificates.All), .. OfStreams, .. OfAcme];

    /// <summary>Quick where nothing has changed: then the rooms have kept their very lists.</summary>
    public bool SaysAs(ProblemList? other) =>
        other is not null && OfSource == other.OfSource && Translation.Problems == other.Translation.Problems && OfCertificates.All == other.OfCertificates.All
        && OfStreams == other.OfStreams && OfAcme == other.OfAcme && Awaited == other.Awaited;

    public bool Awaits(ResourceKey named, string field) => Awaited.AsEnumerable().Contains((named, field));

    private IEnumerable<Problem> WithoutAwaited(EquatableArray<Problem> problems)
    {
        if (Awaited.IsEmpty)
        {
            return problems;
        }

        var awaited = Awaited.ToHashSet();
        return problems.Where(problem => problem.Code != ProblemCode.CertificateMissing || problem.Object is not { } named || !awaited.Contains((named, problem.Field)));
    }
}
