using IngressController.Kubernetes;
using IngressController.Kubernetes.Status;
using IngressController.Testing;

namespace IngressController.Unit.Kubernetes.Writing;

/// <summary>How fast the leader writes, and when again.</summary>
public sealed class PaceTests
{
    private readonly ManualClock clock = new();

    [Fact]
    public void A_burst_goes_at_once_and_the_rest_at_its_pace()
    {
        var pace = new WritePace(10, burst: 3, clock);
        clock.Advance(TimeSpan.FromMinutes(1));
        var waits = Enumerable.Range(0, 23).Select(_ => pace.WaitAsync(CancellationToken.None)).ToList();
        Assert.Equal(3, waits.Count(wait => wait.IsCompleted));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(13, waits.Count(wait => wait.IsCompleted));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.All(waits, wait => Assert.True(wait.IsCompletedSuccessfully));
    }

    [Theory]
    [InlineData(null, 1)]
    [InlineData(7, 7)]
    public void Nobody_writes_while_the_API_server_wants_to_be_left_alone(int? retryAfter, int seconds)
    {
        var pace = new WritePace(10, burst: 3, clock);
        pace.Hold(retryAfter is { } asked ? TimeSpan.FromSeconds(asked) : null);
        var wait = pace.WaitAsync(CancellationToken.None);
        clock.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
        Assert.False(wait.IsCompleted);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(wait.IsCompletedSuccessfully);
    }

    [Fact]
    public void Who_waits_already_when_the_API_server_wants_to_be_left_alone_waits_longer()
    {
        var pace = new WritePace(10, burst: 1, clock);
        var waits = Enumerable.Range(0, 4).Select(_ => pace.WaitAsync(CancellationToken.None)).ToList();
        pace.Hold(TimeSpan.FromSeconds(5));
        clock.Advance(TimeSpan.FromSeconds(4.9));
        Assert.Equal(1, waits.Count(wait => wait.IsCompleted));
        clock.Advance(TimeSpan.FromSeconds(0.5));
        Assert.Equal(4, waits.Count(wait => wait.IsCompletedSuccessfully));
    }

    [Fact]
    public void What_was_written_is_not_written_again_while_its_echo_is_on_the_way()
    {
        var attempts = new StatusAttempts(clock);
        var change = new StatusChange(new("shop", "web"), "u", [], []);
        Assert.Equal([change], attempts.Sort([change]).Due);
        attempts.Succeeded(change);
        Assert.Empty(attempts.Sort([change]).Due);
        Assert.Equal(TimeSpan.FromSeconds(30), attempts.Sort([change]).Next);
        Assert.Single(attempts.Sort([change with { Wanted = [new("192.0.2.1", null)] }]).Due); // that is another wish
        clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal([change], attempts.Sort([change]).Due);
    }

    [Fact]
    public void Failures_wait_longer_each_time_up_to_minutes()
    {
        var attempts = new StatusAttempts(clock);
        var change = new StatusChange(new("shop", "web"), "u", [], []);
        var pauses = new List<double>();
        for (var failure = 0; failure < 12; failure++)
        {
            attempts.Failed(change);
            pauses.Add(attempts.Sort([change]).Next.TotalSeconds);
        }

        Assert.InRange(pauses[0], 1, 1.25);
        Assert.InRange(pauses[3], 8, 10);
        Assert.All(pauses[^4..], pause => Assert.InRange(pause, 120, 150));
        attempts.Sort([]); // it is as it should be
        Assert.Equal([change], attempts.Sort([change]).Due);
    }
}
