using IngressController.Proxy.Limits;
using IngressController.Testing;

namespace IngressController.Unit.Proxy;

public sealed class ConnectionRequestsTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    private readonly ManualClock clock = new();
    private readonly ConnectionRequests requests;

    public ConnectionRequestsTests() => requests = new(clock);

    [Fact]
    public void They_are_over_for_as_long_as_the_last_one_has_ended()
    {
        requests.Begin();
        requests.Begin();
        requests.End();
        clock.Advance(Limit);
        requests.End();
        clock.Advance(Limit - Tick);
        Assert.False(requests.AreOverFor(Limit));
        clock.Advance(Tick);
        Assert.True(requests.AreOverFor(Limit));
    }

    [Fact]
    public void They_are_not_over_while_one_is_under_way()
    {
        Assert.Equal([1, 2], [requests.Begin(), requests.Begin()]);
        requests.End();
        clock.Advance(Limit * 100);
        Assert.False(requests.AreOverFor(Limit));
    }

    [Fact]
    public void Before_the_first_they_are_over_for_as_long_as_it_could_have_come()
    {
        clock.Advance(Limit * 100);
        requests.Await();
        clock.Advance(Limit - Tick);
        Assert.False(requests.AreOverFor(Limit));
        clock.Advance(Tick);
        Assert.True(requests.AreOverFor(Limit));
    }
}
