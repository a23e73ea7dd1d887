using IngressController.Kubernetes.Leadership;

namespace IngressController.App.Dashboard.Api;

/// <summary>Who leads. There is none where nothing is written.</summary>
internal sealed class Leadership(LeaderElection election)
{
    public Leader Now => new(election.Holder, election.IsLeading);
}
