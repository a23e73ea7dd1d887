using IngressController.Certificates;
using IngressController.Cluster;
using IngressController.Routing.Translation;

namespace IngressController.App;

/// <summary>The problems that stand, from each room that finds some. Collecting them takes time in proportion to their number: it is left to who needs them.</summary>
internal sealed record ProblemList(EquatableArray<Problem> OfSource, Translation Translation, CertificateProblems OfCertificates, EquatableArray<Problem> OfStreams = default)
{
    public IReadOnlyList<Problem> All => [.. OfSource, .. Translation.Problems, .. OfCertificates.All, .. OfStreams];

    /// <summary>Quick where nothing has changed: then the rooms have kept their very lists.</summary>
    public bool SaysAs(ProblemList? other) =>
        other is not null && OfSource == other.OfSource && Translation.Problems == other.Translation.Problems && OfCertificates.All == other.OfCertificates.All && OfStreams == other.OfStreams;
}
