using IngressController.EndToEnd.Proxy;
using IngressController.Testing;

namespace IngressController.EndToEnd.Limits;

/// <summary>What one proxy counts as <c>ingress.limit.hits</c>.</summary>
internal sealed class LimitHits(ProxyUnderTest proxy) : IDisposable
{
    private const string Counter = "ingress.limit.hits";

    private readonly MeterReadings readings = new(proxy.Meters, Counter);

    /// <summary>By connections, or requests whose route was not known yet.</summary>
    public Task HasAsync(string limit, long times = 1) => readings.IsAsync($"{Counter} {limit}", times);

    /// <summary>By requests of the host that <see cref="ProxyUnderTest"/> serves.</summary>
    public Task HasOfRouteAsync(string limit, long times = 1) => readings.IsAsync($"{Counter} {limit} shop web web:80", times);

    public void Dispose() => readings.Dispose();
}
