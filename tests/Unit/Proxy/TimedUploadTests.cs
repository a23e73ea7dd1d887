using IngressController.Proxy.Limits;
using IngressController.Testing;
using Microsoft.AspNetCore.Http;

namespace IngressController.Unit.Proxy;

public sealed class TimedUploadTests : IDisposable
{
    private static readonly LimitOptions Limits = new() { BodyTimeout = TimeSpan.FromSeconds(60), MinBodyRate = 10 };

    private readonly ManualClock clock = new();
    private readonly Client client = new();
    private readonly DefaultHttpContext context = new();

    [Fact]
    public async Task A_client_that_sends_nothing_more_is_out_of_time()
    {
        var read = Upload().ReadAsync(new byte[10]).AsTask();
        clock.Advance(TimeSpan.FromSeconds(59));
        Assert.False(read.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(408, (await Assert.ThrowsAsync<BadHttpRequestException>(() => read).InTime()).StatusCode);
    }

    /// <summary>Each byte buys a tenth of a second, and takes fifty.</summary>
    [Fact]
    public async Task One_that_sends_byte_by_byte_is_out_of_time_though_it_never_stops()
    {
        var upload = Upload();
        await ReceiveAsync(upload, TimeSpan.FromSeconds(50));
        var second = upload.ReadAsync(new byte[10]).AsTask();
        clock.Advance(TimeSpan.FromSeconds(50));
        await Assert.ThrowsAsync<BadHttpRequestException>(() => second).InTime();
    }

    [Fact]
    public async Task One_that_sends_fast_enough_on_average_may_take_all_day()
    {
        var upload = Upload();
        for (var part = 0; part < 100; part++)
        {
            await ReceiveAsync(upload, TimeSpan.FromSeconds(1), 10);
        }
    }

    [Fact]
    public async Task What_was_sent_before_gives_no_credit_for_standing_still()
    {
        var upload = Upload();
        await ReceiveAsync(upload, TimeSpan.FromSeconds(1), 100_000);
        var read = upload.ReadAsync(new byte[10]).AsTask();
        clock.Advance(TimeSpan.FromSeconds(60));
        await Assert.ThrowsAsync<BadHttpRequestException>(() => read).InTime();
    }

    [Fact]
    public async Task A_read_that_somebody_else_gives_up_says_that_the_client_was_waited_for()
    {
        using var patience = new CancellationTokenSource();
        var upload = Upload();
        var read = upload.ReadAsync(new byte[10], patience.Token).AsTask();
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read).InTime();
        Assert.True(upload.IsStalled);
    }

    [Fact]
    public async Task No_timer_is_left_behind_by_a_body_that_has_been_read()
    {
        await ReceiveAsync(Upload(), TimeSpan.FromSeconds(1));
        Assert.Equal(0, clock.Pending);
    }

    public void Dispose() => client.Dispose();

    private TimedUpload Upload() => new(client, context.Response, Limits, clock);

    private async Task ReceiveAsync(TimedUpload upload, TimeSpan after, int count = 1)
    {
        var read = upload.ReadAsync(new byte[count]).AsTask();
        clock.Advance(after);
        client.Send();
        Assert.Equal(count, await read.InTime());
    }

    /// <summary>Sends when told to, as much as is asked for.</summary>
    private sealed class Client : MemoryStream
    {
        private TaskCompletionSource next = new();

        public void Send()
        {
            var sent = next;
            next = new();
            sent.SetResult();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await next.Task.WaitAsync(cancellationToken);
            return buffer.Length;
        }
    }
}
