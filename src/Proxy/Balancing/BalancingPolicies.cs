using Yarp.ReverseProxy.LoadBalancing;

namespace IngressController.Proxy.Balancing;

/// <summary>YARP's policies are shared by all backends; round robin keeps a turn, so each backend has its own.</summary>
internal sealed class BalancingPolicies(IEnumerable<ILoadBalancingPolicy> policies)
{
    private readonly Dictionary<string, ILoadBalancingPolicy> byName = policies.ToDictionary(policy => policy.Name);

    public ILoadBalancingPolicy For(Routing.Model.Balancing balancing) => balancing switch
    {
        Routing.Model.Balancing.LeastRequests => byName[LoadBalancingPolicies.LeastRequests],
        Routing.Model.Balancing.PowerOfTwoChoices => byName[LoadBalancingPolicies.PowerOfTwoChoices],
        Routing.Model.Balancing.Random => byName[LoadBalancingPolicies.Random],
        Routing.Model.Balancing.RoundRobin => new SmoothRoundRobin(),
        _ => throw new ArgumentOutOfRangeException(nameof(balancing), balancing, "not a balancing policy"),
    };
}
