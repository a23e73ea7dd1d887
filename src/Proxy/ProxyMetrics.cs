using System.Diagnostics.Metrics;
using IngressController.Proxy.Limits;

namespace IngressController.Proxy;

/// <summary>What the data plane counts, in one meter.</summary>
internal sealed class ProxyMetrics
{
    public const string MeterName = "ingress.proxy";

    private readonly Counter<long> limitHits;

    public ProxyMetrics(IMeterFactory factory)
    {
        var meter = factory.Create(MeterName);
        limitHits = meter.CreateCounter<long>("ingress.limit.hits", "{hit}", "Clients that came up against a limit");
    }

    public void LimitHit(Limit limit) => limitHits.Add(1, new KeyValuePair<string, object?>("ingress.limit", limit.Word()));
}
