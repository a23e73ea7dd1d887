using System.Collections.Immutable;
using IngressController.Certificates;
using IngressController.Certificates.Acme;
using IngressController.Certificates.Acme.Issuing;
using IngressController.Cluster;
using IngressController.Kubernetes.Manifests;
using IngressController.Routing.Translation;

namespace IngressController.App.Cli;

/// <summary>Objects, read once, and what they mean.</summary>
/// <param name="Certificates">As they would be served.</param>
/// <param name="Found">What is wrong.</param>
/// <param name="Problems">The same with file and line where there is one, in their one order.</param>
internal sealed record TranslatedObjects(ClusterSnapshot Snapshot, CertificateStore Certificates, ProblemList Found, ImmutableArray<Problem> Problems)
{
    public Translation Translation => Found.Translation;

    /// <summary>Of a directory of manifests.</summary>
    /// <param name="state">Where the controller keeps what a cluster would keep; null: nowhere.</param>
    /// <param name="acme">How certificates would be obtained; null: nothing is said of that.</param>
    public static TranslatedObjects Read(string directory, string? state, TranslationOptions options, AcmeOptions? acme = null)
    {
        var reading = ManifestDirectory.Read(directory, state);
        var read = Translate(reading.Changes, reading.Problems, options, acme);
        return read with { Problems = [.. reading.Locate(read.Found.All).Order()] };
    }

    /// <param name="ofSource">What is wrong with what they were read from.</param>
    public static TranslatedObjects Translate(EquatableArray<ResourceChange> objects, EquatableArray<Problem> ofSource, TranslationOptions options, AcmeOptions? acme)
    {
        var change = new ClusterStore().Apply(objects);
        var step = Translation.Start(options).Next(change);
        var certificates = new CertificateStore(TimeProvider.System);
        certificates.Apply(step.Change);
        var (ofAcme, awaited) = acme is null ? default : AcmeIssuing.Check(change.Snapshot, step.Translation.Ingresses, acme);
        var found = new ProblemList(ofSource, step.Translation, certificates.Problems, OfAcme: ofAcme, Awaited: awaited);
        return new(change.Snapshot, certificates, found, [.. found.All.Order()]);
    }
}
