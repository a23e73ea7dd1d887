using IngressController.App.Health;
using IngressController.App.Metrics;
using IngressController.Testing;

namespace IngressController.Unit.App.Metrics;

public sealed class MetricRoundsTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly Measured measured = new();
    private readonly Readiness readiness = new();
    private readonly MetricRounds rounds;
    private int looks;

    public MetricRoundsTests()
    {
        rounds = new(measured.Pull, readiness, measured.Clock);
        measured.Meter.CreateObservableGauge("test.looks", () => Interlocked.Increment(ref looks));
    }

    public async Task InitializeAsync()
    {
        await rounds.StartAsync(CancellationToken.None);
        await Eventually.TrueAsync(() => measured.Clock.Pending > 0, "it waits");
    }

    public async Task DisposeAsync() => await rounds.StopAsync(CancellationToken.None).InTime();

    public void Dispose()
    {
        rounds.Dispose();
        measured.Dispose();
    }

    [Fact]
    public async Task The_first_comes_when_the_program_is_ready_and_then_one_in_every_quarter_of_a_minute()
    {
        await PassAsync(20, looked: 0);
        readiness.Begin();
        await PassAsync(1, looked: 1);
        await PassAsync(14, looked: 1);
        await PassAsync(1, looked: 2);
    }

    [Fact]
    public async Task Who_asks_often_enough_leaves_nothing_to_do()
    {
        readiness.Begin();
        await PassAsync(1, looked: 1);
        for (var scrape = 0; scrape < 4; scrape++)
        {
            await PassAsync(14, looked: 1 + scrape);
            Assert.Equal([$"test_looks {scrape + 2}"], await measured.SamplesAsync());
        }

        await PassAsync(15, looked: 6);
    }

    [Fact]
    public async Task What_is_idle_is_forgotten_though_nobody_asks()
    {
        var requests = measured.Meter.CreateCounter<long>("ingress.requests");
        requests.Add(1, Measured.Tag("ingress", "old"));
        readiness.Begin();
        await PassAsync(1, looked: 1);
        await PassAsync(16 * 60, looked: 65);
        requests.Add(1, Measured.Tag("ingress", "old"));
        Assert.Contains("""ingress_requests_total{ingress="old"} 1""", await measured.SamplesAsync());
    }

    private async Task PassAsync(int seconds, int looked)
    {
        for (var second = 0; second < seconds; second++)
        {
            measured.Clock.Advance(Second);
            await Eventually.TrueAsync(() => measured.Clock.Pending > 0, "it has looked and waits");
        }

        Assert.Equal(looked, Volatile.Read(ref looks));
    }
}
