using System.Diagnostics.Metrics;

namespace IngressController.Proxy.Limits;

/// <summary>What the hits of limits are counted by.</summary>
internal sealed class LimitMetrics(IMeterFactory factory)
{
    private readonly Counter<long> hits =
        factory.Create(ProxyMeter.Name).CreateCounter<long>("ingress.limit.hits", "{hit}", "Clients that came up against a limit");

    public void Hit(Limit limit) => hits.Add(1, new KeyValuePair<string, object?>("limit", limit.Word()));
}
