using IngressController.Certificates.Acme;
using IngressController.Certificates.Acme.Challenges;
using IngressController.Certificates.Acme.Issuing;
using IngressController.Cluster;
using IngressController.Routing.Translation;

namespace IngressController.App;

/// <summary>Certificates by ACME as the control loop sees them: answers to challenges and the news for whoever orders follow what is served.</summary>
internal sealed class CertificateOrders(AcmeOptions options, ChallengeAnswers answers, AcmeIssuing issuing)
{
    public EquatableArray<Problem> Problems => [.. answers.Problems, .. issuing.Problems];

    /// <inheritdoc cref="AcmeIssuing.Awaited"/>
    public EquatableArray<(ResourceKey Object, string Field)> Awaited => issuing.Awaited;

    /// <summary>Who issues, and for how many hosts certificates are wanted, ordered already or not.</summary>
    public (EquatableArray<Issuer> Issuers, int Hosts) Wanted => (options.Issuers, issuing.Statuses.SelectMany(status => status.Hosts).Distinct().Count());

    /// <summary>Every replica answers, also before all is read.</summary>
    public void Answer(ClusterSnapshot snapshot) => answers.Apply(snapshot.Secrets.GetValueOrDefault(options.State));

    /// <summary>Not before all is read: what is missing then may only not have come yet.</summary>
    public void Note(ClusterSnapshot snapshot, Translation translation) => issuing.Note(snapshot, translation.Ingresses);
}
