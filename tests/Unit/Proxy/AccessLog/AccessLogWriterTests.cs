using System.Collections.Immutable;
using System.IO.Pipelines;
using System.Net;
using IngressController.Proxy;
using IngressController.Proxy.AccessLog;
using IngressController.Proxy.Observing;
using IngressController.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace IngressController.Unit.Proxy.AccessLog;

public sealed class AccessLogWriterTests
{
    private static readonly RequestRecord Line = new() { Time = DateTimeOffset.UnixEpoch, Client = IPAddress.Loopback, Method = "GET", Host = "shop.test", Path = "/", Status = 200 };

    [Fact]
    public async Task An_output_that_takes_nothing_holds_up_the_end_only_as_long_as_it_may()
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 1));
        var options = Options.Create(new ProxyOptions { AccessLog = AccessLogFormat.Console, AccessLogOutput = pipe.Writer.AsStream() });
        var queue = new AccessLogQueue(options, TimeProvider.System);
        using var writer = new AccessLogWriter(queue, options, TimeProvider.System, NullLogger<DataPlane>.Instance);
        await writer.StartAsync(CancellationToken.None);
        queue.Write(Line);
        await writer.StopAsync(new CancellationToken(canceled: true)).InTime();
        await pipe.Reader.CompleteAsync();
        await writer.ExecuteTask!.InTime();
    }

    [Fact]
    public async Task What_an_output_that_hangs_has_cost_is_told_while_it_hangs_and_at_the_end()
    {
        var (clock, log) = (new ManualClock(), new LogLines<DataPlane>());
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 1));
        var options = Options.Create(new ProxyOptions { AccessLog = AccessLogFormat.Console, AccessLogOutput = pipe.Writer.AsStream(), AccessLogBacklog = 150 });
        var queue = new AccessLogQueue(options, clock);
        using var writer = new AccessLogWriter(queue, options, clock, log);
        await writer.StartAsync(CancellationToken.None);
        queue.Write(Line);
        await Eventually.TrueAsync(() => queue.Bytes == 0, "the line that hangs");
        queue.Write(Line); // this one fits
        queue.Write(Line);
        queue.Write(Line);
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(["Warning 2 access log lines were dropped because the output takes them more slowly than requests come"], log.Lines);
        queue.Write(Line);
        clock.Advance(TimeSpan.FromSeconds(9));
        clock.Advance(TimeSpan.FromSeconds(1));
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(2, log.Lines.Count);
        queue.Write(Line);

        var stop = writer.StopAsync(CancellationToken.None);
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.False(stop.IsCompleted);
        await Eventually.TrueAsync(
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                return stop.IsCompleted;
            },
            "the end");
        Assert.Equal(
            ["Warning 1 access log lines were dropped because the output takes them more slowly than requests come", "Warning 158 bytes of the access log are lost: its output has not taken them, and the end waits no longer"],
            log.Lines.Skip(2));
        await pipe.Reader.CompleteAsync();
        await writer.ExecuteTask!.InTime();
    }

    [Fact]
    public async Task What_is_queued_is_written_even_where_the_end_comes_right_after_the_start()
    {
        using var output = new MemoryStream();
        var options = Options.Create(new ProxyOptions { AccessLog = AccessLogFormat.Console, AccessLogOutput = output });
        var queue = new AccessLogQueue(options, TimeProvider.System);
        using var writer = new AccessLogWriter(queue, options, TimeProvider.System, NullLogger<DataPlane>.Instance);
        queue.Write(Line);
        await writer.StartAsync(CancellationToken.None);
        await writer.StopAsync(CancellationToken.None).InTime();
        Assert.NotEqual(0, output.Length);
    }

    [Fact]
    public async Task A_writer_that_was_never_started_stops()
    {
        var options = Options.Create(new ProxyOptions());
        using var writer = new AccessLogWriter(new AccessLogQueue(options, TimeProvider.System), options, TimeProvider.System, NullLogger<DataPlane>.Instance);
        await writer.StopAsync(new CancellationToken(canceled: true)).InTime();
    }

    [Fact]
    public async Task Lines_that_come_soon_after_others_are_written_together()
    {
        var (clock, output) = (new ManualClock(), new Batches());
        var options = Options.Create(new ProxyOptions { AccessLog = AccessLogFormat.Console, AccessLogOutput = output });
        var queue = new AccessLogQueue(options, clock);
        using var writer = new AccessLogWriter(queue, options, clock, NullLogger<DataPlane>.Instance);
        await writer.StartAsync(CancellationToken.None);
        queue.Write(Line);
        await Eventually.TrueAsync(() => output.Lines is [1], "the first line, at once");
        queue.Write(Line);
        queue.Write(Line);
        await Eventually.TrueAsync(
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                return output.Lines is [1, 2];
            },
            "the two others, together");
        await writer.StopAsync(CancellationToken.None).InTime();
    }

    [Fact]
    public async Task The_end_does_not_wait_for_the_time_of_the_next_batch()
    {
        var (clock, output) = (new ManualClock(), new Batches());
        var options = Options.Create(new ProxyOptions { AccessLog = AccessLogFormat.Console, AccessLogOutput = output });
        var queue = new AccessLogQueue(options, clock);
        using var writer = new AccessLogWriter(queue, options, clock, NullLogger<DataPlane>.Instance);
        await writer.StartAsync(CancellationToken.None);
        queue.Write(Line);
        await Eventually.TrueAsync(() => output.Lines is [1], "the first line, at once");
        queue.Write(Line);
        await writer.StopAsync(CancellationToken.None).InTime();
        Assert.Equal([1, 1], output.Lines.AsEnumerable());
    }

    /// <summary>An output that knows how many lines came together.</summary>
    private sealed class Batches : MemoryStream
    {
        private ImmutableArray<int> lines = [];

        public ImmutableArray<int> Lines => lines;

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = buffer.Span.Count((byte)'\n');
            ImmutableInterlocked.Update(ref lines, all => all.Add(count));
            return ValueTask.CompletedTask;
        }
    }
}
