using IngressController.EndToEnd.Proxy;
using IngressController.Testing;

namespace IngressController.EndToEnd.Limits;

/// <summary>What one proxy counts as <c>ingress.limit.hits</c>.</summary>
internal sealed class LimitHits(ProxyUnderTest proxy) : IDisposable
{
    private const string Counter = "ingress.limit.hits";

    private readonly MeterReadings readings = new(proxy.Meters, Counter);

    public Task HasAsync(string limit, long times = 1) => readings.IsAsync($"{Counter} {limit}", times);

    public void Dispose() => readings.Dispose();
}
