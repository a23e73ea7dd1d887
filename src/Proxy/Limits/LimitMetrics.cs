using System.Diagnostics.Metrics;
using IngressController.Proxy.Backends;
using IngressController.Proxy.Observing;

namespace IngressController.Proxy.Limits;

/// <summary>What the hits of limits are counted by.</summary>
internal sealed class LimitMetrics(IMeterFactory factory)
{
    private readonly Counter<long> hits =
        factory.Create(ProxyMeter.Name).CreateCounter<long>("ingress.limit.hits", "{hit}", "Clients that came up against a limit");

    /// <summary>By a connection, or a request before its route was known.</summary>
    public void Hit(Limit limit) => hits.Add(1, Tag(limit));

    /// <summary>By a request.</summary>
    /// <param name="route">Null where it had none.</param>
    public void Hit(Limit limit, ProxyRoute? route)
    {
        if (route?.Names is { } names)
        {
            hits.Add(1, [Tag(limit), .. RequestMetrics.Tags(names)]);
        }
        else
        {
            Hit(limit);
        }
    }

    private static KeyValuePair<string, object?> Tag(Limit limit) => new("limit", limit.Word());
}
