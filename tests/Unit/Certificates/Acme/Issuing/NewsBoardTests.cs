using IngressController.Certificates.Acme.Issuing;
using IngressController.Testing;

namespace IngressController.Unit.Certificates.Acme.Issuing;

public sealed class NewsBoardTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly ManualClock clock = new();
    private readonly NewsBoard board = new();

    [Fact]
    public async Task News_that_do_not_come_are_not_waited_for_for_ever()
    {
        board.Put(News.None);
        var waiting = board.UntilAsync(news => news.RollOver == "main", Minute, clock, default);
        clock.Advance(Minute - TimeSpan.FromSeconds(1));
        board.Put(News.None with { RollOver = "other" });
        Assert.False(waiting.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(1));
        await Task.WhenAny(waiting).InTime();
        await Assert.ThrowsAsync<TimeoutException>(() => waiting);
    }

    [Fact]
    public async Task News_that_come_in_time_end_the_waiting()
    {
        var waiting = board.UntilAsync(news => news.RollOver == "main", Minute, clock, default);
        board.Put(News.None with { RollOver = "other" });
        board.Put(News.None with { RollOver = "main" });
        Assert.Equal("main", (await waiting.InTime()).RollOver);
        Assert.Equal(0, clock.Pending);
    }

    [Fact]
    public async Task Who_does_not_want_to_know_any_more_is_not_told_that_time_is_up()
    {
        using var end = new CancellationTokenSource();
        var waiting = board.UntilAsync(_ => true, Minute, clock, end.Token);
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.InTime());
    }
}
