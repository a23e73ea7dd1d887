using System.Collections.Immutable;
using IngressController.Certificates;
using IngressController.Certificates.Acme;
using IngressController.Certificates.Acme.Issuing;
using IngressController.Cluster;
using IngressController.Kubernetes.Manifests;
using IngressController.Routing.Translation;

namespace IngressController.App.Cli;

/// <summary>A directory of manifests, read once, and what it means.</summary>
/// <param name="Certificates">As they would be served.</param>
/// <param name="Problems">Of files and of objects, with file and line, in their one order.</param>
internal sealed record TranslatedManifests(ClusterSnapshot Snapshot, Translation Translation, CertificateStore Certificates, ImmutableArray<Problem> Problems)
{
    /// <param name="acme">How certificates would be obtained; null: nothing is said of that.</param>
    public static TranslatedManifests Read(string directory, string? state, TranslationOptions options, AcmeOptions? acme = null)
    {
        var reading = ManifestDirectory.Read(directory, state);
        var change = new ClusterStore().Apply(reading.Changes);
        var step = Translation.Start(options).Next(change);
        var certificates = new CertificateStore(TimeProvider.System);
        certificates.Apply(step.Change);
        var (ofAcme, awaited) = acme is null ? default : AcmeIssuing.Check(change.Snapshot, step.Translation.Ingresses, acme);
        var found = new ProblemList([], step.Translation, certificates.Problems, OfAcme: ofAcme, Awaited: awaited).All;
        return new(change.Snapshot, step.Translation, certificates, [.. reading.Problems.Concat(reading.Locate(found)).Order()]);
    }
}
