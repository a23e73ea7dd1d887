using IngressController.Kubernetes.Leadership;

namespace IngressController.App.Dashboard.Api;

/// <summary>Whether this replica leads. There is none where nothing is written.</summary>
internal sealed class Leadership(LeaderElection election, LeaseTerms terms)
{
    public Leader Now => new(terms.Identity, election.IsLeading);
}
