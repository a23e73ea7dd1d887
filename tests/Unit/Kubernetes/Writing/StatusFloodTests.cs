using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Kubernetes.Status;
using IngressController.Testing;

namespace IngressController.Unit.Kubernetes.Writing;

/// <summary>Many statuses at once: how fast, how many at a time, and what happens in the middle.</summary>
public sealed class StatusFloodTests : IAsyncLifetime, IDisposable
{
    private static readonly PublishOptions Publish = new(null, [new("192.0.2.1", null)]) { Manager = "yarp/ingress/leader" };
    private readonly CancellationTokenSource term = new();
    private readonly ManualClock clock = new();
    private readonly ClusterStore store = new();
    private readonly LogLines<StatusWriter> log = new();
    private WritingCluster cluster = null!;
    private Task running = Task.CompletedTask;

    private int Patches => cluster.Server.Count("patch", "ingresses/status");

    public async Task InitializeAsync() => cluster = await WritingCluster.StartAsync(clock);

    public async Task DisposeAsync()
    {
        await EndTermAsync();
        await cluster.DisposeAsync();
    }

    public void Dispose() => term.Dispose();

    [Fact]
    public async Task A_change_of_address_is_written_at_a_hundred_a_second()
    {
        Lead(clock, 150);
        await WrittenAsync(20); // at once
        for (var tenths = 1; tenths <= 10; tenths++)
        {
            clock.Advance(TimeSpan.FromSeconds(0.1));
            await WrittenAsync(20 + (10 * tenths));
        }
    }

    [Fact]
    public async Task Sixteen_are_on_their_way_at_most_and_none_when_leadership_is_lost()
    {
        cluster.Server.Delay(TimeSpan.FromHours(1));
        Lead(clock, 60);
        await WrittenAsync(16);
        clock.Advance(TimeSpan.FromSeconds(1)); // time enough for the others, but for those before them
        await EndTermAsync();
        Assert.Equal(16, Patches);
    }

    [Fact]
    public async Task An_API_server_that_takes_a_few_a_second_gets_them_all_without_a_storm()
    {
        cluster.Server.LimitWrites(perSecond: 30);
        var names = Lead(clock, 100);
        await Eventually.TrueAsync(
            () =>
            {
                clock.Advance(TimeSpan.FromMilliseconds(20));
                return names.TrueForAll(name => cluster.Entries(name).Count == 1);
            },
            "all are written");
        Assert.InRange(Patches, 101, 180);
        Assert.Empty(log.Lines); // that is no failure
    }

    /// <summary>As many were asked for, and sixteen wait for the clock to move: for their place, or for the answer.</summary>
    private async Task WrittenAsync(int count)
    {
        await Eventually.TrueAsync(() => Patches >= count && clock.Pending == 16, $"{count} are written");
        Assert.Equal(count, Patches);
    }

    private List<string> Lead(TimeProvider time, int count)
    {
        var ingresses = Enumerable.Range(0, count).Select(number => cluster.Add($"web-{number}")).ToList();
        store.Apply(Make.Changes(ingresses));
        var writer = new StatusWriter(cluster.Client, Publish, time, log);
        clock.Advance(TimeSpan.FromMinutes(1)); // it has rested
        running = writer.RunAsync(term.Token);
        writer.Note(store.Current, ingresses.Select(ingress => ingress.Metadata.Name));
        return [.. ingresses.Select(ingress => ingress.Metadata.Name.Name)];
    }

    private async Task EndTermAsync()
    {
        await term.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.InTime());
    }
}
