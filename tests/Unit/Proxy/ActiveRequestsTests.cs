using IngressController.Cluster;
using IngressController.Proxy.Backends;
using IngressController.Proxy.Observing;

namespace IngressController.Unit.Proxy;

public sealed class ActiveRequestsTests
{
    [Fact]
    public void Names_that_are_idle_are_not_kept_where_nobody_asks()
    {
        var active = new ActiveRequests();
        var busy = Names(0);
        active.Begin(busy);
        var idle = Enumerable.Range(1, 10_000).Select(Names).ToList();
        foreach (var names in idle)
        {
            active.Begin(names);
            ActiveRequests.End(names);
        }

        Assert.InRange(idle.Count(names => names.Active.IsListed), 0, 100);
        active.Begin(idle[0]);
        Assert.Equal(["web-0 1", "web-1 1"], active.Observe().Select(one => $"{one.Tags[1].Value} {one.Value}").Order());
    }

    [Fact]
    public void All_that_are_busy_are_kept()
    {
        var active = new ActiveRequests();
        foreach (var index in Enumerable.Range(0, 1_000))
        {
            active.Begin(Names(index));
        }

        Assert.Equal(1_000, active.Observe().Count());
    }

    private static RouteNames Names(int index) => RouteNames.Of(new NamespacedName("shop", $"web-{index}"), null);
}
