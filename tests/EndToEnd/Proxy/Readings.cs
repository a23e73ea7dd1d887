using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using IngressController.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace IngressController.EndToEnd.Proxy;

/// <summary>What one proxy counts, as sums by <c>instrument tag tag</c>, in the order of the tags: <c>ingress.stream.io tcp 5432 receive</c>.</summary>
internal sealed class Readings : IDisposable
{
    private readonly ConcurrentDictionary<string, long> sums = new();
    private readonly MeterListener listener = new();

    /// <param name="prefix">Of the instruments' names.</param>
    public Readings(ProxyUnderTest proxy, string prefix)
    {
        var scope = proxy.Services.GetRequiredService<IMeterFactory>();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name.StartsWith(prefix, StringComparison.Ordinal) && ReferenceEquals(instrument.Meter.Scope, scope))
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            var name = instrument.Name;
            foreach (var tag in tags)
            {
                name += $" {tag.Value}";
            }

            sums.AddOrUpdate(name, value, (_, sum) => sum + value);
        });
        listener.Start();
    }

    public Task IsAsync(string name, long sum) =>
        Eventually.TrueAsync(() => sums.GetValueOrDefault(name) == sum, $"{name} is {sum}; there are: {string.Join(", ", sums)}");

    public void Dispose() => listener.Dispose();
}
