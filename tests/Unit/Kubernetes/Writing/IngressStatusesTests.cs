using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Kubernetes.Status;
using IngressController.Testing;

namespace IngressController.Unit.Kubernetes.Writing;

/// <summary>What the status of each Ingress should be.</summary>
public sealed class IngressStatusesTests
{
    private static readonly LoadBalancerAddress Front = new("192.0.2.1", null);
    private static readonly LoadBalancerAddress Other = new("198.51.100.1", null);
    private static readonly PublishOptions Fixed = new(null, [Front]);
    private static readonly PublishOptions OfService = new(new("ingress", "front"), []);
    private readonly ManualClock clock = new();
    private readonly ClusterStore store = new();

    [Fact]
    public void Only_what_is_served_and_differs_is_written()
    {
        var statuses = new IngressStatuses(Fixed, clock);
        Set(Make.Ingress("new"), Make.Ingress("done") with { Addresses = [Front] }, Make.Ingress("wrong") with { Addresses = [Other] }, Make.Ingress("not-served"));
        var changes = statuses.Next(store.Current, Names("new", "done", "wrong", "gone-meanwhile"));
        Assert.Equal(["default/new", "default/wrong"], changes.Select(change => change.Name.ToString()));
        Assert.All(changes, change => Assert.Equal([Front], change.Wanted));
        Assert.All(changes, change => Assert.True(change.Withdrawn.IsEmpty));
    }

    [Fact]
    public void A_change_of_the_services_address_reaches_every_Ingress()
    {
        var statuses = new IngressStatuses(OfService, clock);
        Set(Balancer(Front), Make.Ingress("a"), Make.Ingress("b"));
        Assert.Equal(2, statuses.Next(store.Current, Names("a", "b")).Length);
        Set(Make.Ingress("a") with { Addresses = [Front] }, Make.Ingress("b") with { Addresses = [Front] });
        Assert.Empty(statuses.Next(store.Current, Names("a", "b")));
        Set(Balancer(Other));
        Assert.All(statuses.Next(store.Current, Names("a", "b")), change => Assert.Equal([Other], change.Wanted));
    }

    [Fact]
    public void A_service_that_is_not_there_changes_nothing_and_one_without_addresses_clears()
    {
        var statuses = new IngressStatuses(OfService, clock);
        Set(Make.Ingress("a") with { Addresses = [Front] });
        Assert.Empty(statuses.Next(store.Current, Names("a")));
        Set(Balancer());
        Assert.Empty(Assert.Single(statuses.Next(store.Current, Names("a"))).Wanted);
    }

    [Fact]
    public void Without_a_flag_nothing_is_written()
    {
        Set(Make.Ingress("a") with { Addresses = [Other] });
        Assert.Empty(new IngressStatuses(new(null, []), clock).Next(store.Current, Names("a")));
    }

    [Fact]
    public void What_leaves_us_loses_our_current_and_previous_entries_and_no_others()
    {
        var statuses = new IngressStatuses(OfService, clock);
        Set(Balancer(Front), Make.Ingress("a"));
        statuses.Next(store.Current, Names("a"));
        var second = new LoadBalancerAddress(null, "lb.example.com");
        Set(Balancer(second), Make.Ingress("a") with { Addresses = [Front, Other, second with { Ports = [new(80, "TCP", null)] }] });
        var change = Assert.Single(statuses.Next(store.Current, Names()));
        Assert.Equal([Other], change.Wanted);
        Assert.Equal([Front.Ip, second.Hostname], change.Withdrawn.Select(entry => entry.Ip ?? entry.Hostname));
    }

    [Fact]
    public void What_was_never_ours_keeps_even_an_address_like_ours()
    {
        var statuses = new IngressStatuses(Fixed, clock);
        Set(Make.Ingress("theirs") with { Addresses = [Front] });
        Assert.Empty(statuses.Next(store.Current, Names()));
    }

    [Fact]
    public void A_write_that_arrives_after_the_Ingress_has_left_is_taken_back()
    {
        var statuses = new IngressStatuses(Fixed, clock);
        Set(Make.Ingress("a"));
        statuses.Next(store.Current, Names("a"));
        Assert.Empty(statuses.Next(store.Current, Names()));
        Set(Make.Ingress("a") with { Addresses = [Front] });
        Assert.Equal([Front], Assert.Single(statuses.Next(store.Current, Names())).Withdrawn);
    }

    [Fact]
    public void Long_after_it_has_left_it_is_left_alone()
    {
        var statuses = new IngressStatuses(Fixed, clock);
        Set(Make.Ingress("a"));
        statuses.Next(store.Current, Names("a"));
        statuses.Next(store.Current, Names());
        clock.Advance(TimeSpan.FromSeconds(61));
        statuses.Next(store.Current, Names());
        Set(Make.Ingress("a") with { Addresses = [Front] }); // another controller behind the same address
        Assert.Empty(statuses.Next(store.Current, Names()));
    }

    [Fact]
    public void A_namesake_that_came_later_is_nobody_of_ours()
    {
        var statuses = new IngressStatuses(Fixed, clock);
        Set(WithUid(Make.Ingress("a"), "1"));
        statuses.Next(store.Current, Names("a"));
        Set(WithUid(Make.Ingress("a"), "2") with { Addresses = [Front] });
        Assert.Empty(statuses.Next(store.Current, Names()));
    }

    [Fact]
    public void An_Ingress_that_returns_is_ours_again()
    {
        var statuses = new IngressStatuses(Fixed, clock);
        Set(Make.Ingress("a") with { Addresses = [Front] });
        statuses.Next(store.Current, Names("a"));
        Assert.Single(statuses.Next(store.Current, Names()));
        Assert.Empty(statuses.Next(store.Current, Names("a")));
    }

    private static Ingress WithUid(Ingress ingress, string uid) => ingress with { Metadata = ingress.Metadata with { Uid = uid } };

    private static Service Balancer(params LoadBalancerAddress[] addresses) =>
        Make.Service("ingress/front", "80") with { Type = ServiceType.LoadBalancer, Addresses = [.. addresses] };

    private static IEnumerable<NamespacedName> Names(params string[] names) => names.Select(name => new NamespacedName("default", name));

    private void Set(params IResource[] resources) => store.Apply(Make.Changes(resources));
}
