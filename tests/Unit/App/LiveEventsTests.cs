using System.IO.Pipelines;
using System.Net;
using IngressController.App;
using IngressController.App.Dashboard.Api;
using IngressController.Proxy.Observing;
using IngressController.Testing;
using Microsoft.AspNetCore.Http;

namespace IngressController.Unit.App;

/// <summary>The stream of requests as one who watches gets it, over a connection that holds nothing back for who does not read.</summary>
public sealed class LiveEventsTests : IAsyncLifetime, IDisposable
{
    private const string Beat = ": ";
    private const int Many = 3000;
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    private readonly RequestTail tail = new();
    private readonly Pipe connection = new(new(pauseWriterThreshold: 1, resumeWriterThreshold: 0));
    private readonly CancellationTokenSource end = new();
    private readonly StreamReader lines;
    private Task watching = Task.CompletedTask;

    public LiveEventsTests() => lines = new(connection.Reader.AsStream());

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await end.CancelAsync();
        await watching.InTime();
    }

    public void Dispose()
    {
        lines.Dispose();
        end.Dispose();
    }

    [Fact]
    public async Task A_line_without_meaning_comes_every_15_seconds_in_which_nothing_does()
    {
        var clock = new ManualClock();
        await WatchAsync(clock);
        for (var beat = 0; beat < 2; beat++)
        {
            await Eventually.TrueAsync(() => clock.Pending == 1, "it waits for a request");
            clock.Advance(Heartbeat);
            Assert.Equal(Beat, await NextLineAsync());
        }
    }

    [Fact]
    public async Task It_does_not_come_before()
    {
        var clock = new ManualClock();
        await WatchAsync(clock);
        await Eventually.TrueAsync(() => clock.Pending == 1, "it waits for a request");
        clock.Advance(Heartbeat - TimeSpan.FromTicks(1));
        Offer(1);
        Assert.Equal("event: request", await NextLineAsync());
    }

    /// <summary>What came while its connection was full was either told later or counted.</summary>
    [Fact]
    public async Task One_who_reads_too_slowly_is_told_how_many_it_missed()
    {
        await WatchAsync(TimeProvider.System);
        for (var request = 1; request <= Many; request++)
        {
            Offer(request);
        }

        var (told, missed) = (0L, 0L);
        while (told + missed < Many)
        {
            var name = await NextLineAsync();
            if (name == "event: missed")
            {
                missed += long.Parse((await NextLineAsync())["data: {\"count\":".Length..^1], System.Globalization.CultureInfo.InvariantCulture);
            }
            else if (name == "event: request")
            {
                told++;
            }
        }

        Assert.Equal(Many, told + missed);
        Assert.True(told > 0 && missed > told, $"{told} told, {missed} missed");
    }

    private async Task WatchAsync(TimeProvider time)
    {
        var response = new DefaultHttpContext { Response = { Body = connection.Writer.AsStream() } }.Response;
        var overviews = new OverviewSource(null!, null!, null!, new(), time);
        var live = new LiveEvents(tail, overviews, new Standing(), time);
        watching = live.TailAsync(response, TailFilter.Read(QueryCollection.Empty), end.Token);
        Assert.Equal(Beat, await NextLineAsync()); // from now on nothing is missed
    }

    /// <summary>Events and beats end with an empty line, which says nothing more.</summary>
    private async Task<string> NextLineAsync()
    {
        string? line;
        do
        {
            line = await lines.ReadLineAsync().InTime();
        }
        while (line is "");
        return line ?? throw new EndOfStreamException();
    }

    private void Offer(int status) => tail.Offer(new() { Time = DateTimeOffset.UnixEpoch, Client = IPAddress.Loopback, Status = status, Method = "GET", Host = "shop.test", Path = "/" });
}
