using IngressController.App;
using IngressController.Routing.Model;
using IngressController.Testing;

namespace IngressController.Unit.App;

public sealed class RolloutTests
{
    private readonly Dictionary<HostName, HostRoutes> live = [];
    private readonly List<RoutingChange> applied = [];
    private bool isBroken;

    [Fact]
    public void Only_what_changed_is_applied()
    {
        var rollout = new Rollout(new(), Apply);
        rollout.Apply(Make.Changes(Make.IngressClass(), Make.Ingress("a").WithRule("a.test", "Prefix /"), Make.Ingress("b").WithRule("b.test", "Prefix /")));
        rollout.Apply(Make.Changes(Make.Ingress("b").WithRule("b.test", "Prefix /new")));
        Assert.Equal(["b.test"], applied[1].Hosts.Select(host => host.Text));
        AssertLive(rollout);
    }

    [Fact]
    public void After_a_failure_nothing_of_it_remains()
    {
        var rollout = new Rollout(new(), Apply);
        var (a, b, c) = (Make.Ingress("a").WithRule("a.test", "Prefix /"), Make.Ingress("b").WithRule("b.test", "Prefix /"), Make.Ingress("c").WithRule("c.test", "Prefix /"));
        rollout.Apply(Make.Changes(Make.IngressClass(), a, c));
        var before = rollout.Translation;

        isBroken = true;
        Assert.Throws<InvalidOperationException>(() => rollout.Apply([new(a.Key, null), new(b.Key, b)]));
        Assert.Same(before, rollout.Translation);
        Assert.Throws<InvalidOperationException>(() => rollout.Apply([]));

        // The half that failed has made b.test live; in the end neither it nor a.test is wanted.
        isBroken = false;
        rollout.Apply([new(b.Key, null)]);
        Assert.Equal(["c.test"], live.Keys.Select(host => host.Text));
        AssertLive(rollout);
    }

    private void AssertLive(Rollout rollout) => Assert.Equal(rollout.Translation.Model.Hosts.OrderBy(host => host.Key), live.OrderBy(host => host.Key));

    private void Apply(RoutingChange change)
    {
        applied.Add(change);
        foreach (var host in change.Hosts)
        {
            if (change.Model.Hosts.TryGetValue(host, out var routes))
            {
                live[host] = routes;
            }
            else
            {
                live.Remove(host);
            }
        }

        if (isBroken)
        {
            throw new InvalidOperationException("broken");
        }
    }
}
