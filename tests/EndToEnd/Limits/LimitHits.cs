using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using IngressController.EndToEnd.Proxy;
using IngressController.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace IngressController.EndToEnd.Limits;

/// <summary>What one proxy counts as <c>ingress.limit.hits</c>.</summary>
internal sealed class LimitHits : IDisposable
{
    private readonly ConcurrentDictionary<string, long> counts = new();
    private readonly MeterListener listener = new();

    public LimitHits(ProxyUnderTest proxy)
    {
        var scope = proxy.Services.GetRequiredService<IMeterFactory>();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "ingress.limit.hits" && ReferenceEquals(instrument.Meter.Scope, scope))
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) => counts.AddOrUpdate((string)tags[0].Value!, value, (_, count) => count + value));
        listener.Start();
    }

    public Task HasAsync(string limit, long times = 1) =>
        Eventually.TrueAsync(() => counts.GetValueOrDefault(limit) == times, $"{times} hits of {limit}; there are: {string.Join(", ", counts)}");

    public void Dispose() => listener.Dispose();
}
