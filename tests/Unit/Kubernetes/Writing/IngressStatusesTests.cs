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
    private static readonly PublishOptions Fixed = new(null, [Front]) { Manager = "us" };
    private static readonly PublishOptions OfService = new(new("ingress", "front"), []) { Manager = "us" };
    private readonly ClusterStore store = new();

    [Fact]
    public void Only_what_is_served_and_differs_is_written()
    {
        var statuses = new IngressStatuses(Fixed);
        Set(Make.Ingress("new"), Make.Ingress("done") with { Addresses = [Front] }, Make.Ingress("wrong") with { Addresses = [Other] }, Make.Ingress("not-served"));
        var changes = statuses.Next(store.Current, Names("new", "done", "wrong", "gone-meanwhile"));
        Assert.Equal(["default/new", "default/wrong"], changes.Select(change => change.Name.ToString()));
        Assert.All(changes, change => Assert.Equal([Front], change.Wanted));
        Assert.All(changes, change => Assert.True(change.Withdrawn.IsEmpty));
    }

    [Fact]
    public void A_change_of_the_services_address_reaches_every_Ingress()
    {
        var statuses = new IngressStatuses(OfService);
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
        var statuses = new IngressStatuses(OfService);
        Set(Make.Ingress("a") with { Addresses = [Front] });
        Assert.Empty(statuses.Next(store.Current, Names("a")));
        Set(Balancer());
        Assert.Empty(Assert.Single(statuses.Next(store.Current, Names("a"))).Wanted);
    }

    [Fact]
    public void Without_a_flag_nothing_is_written()
    {
        Set(Make.Ingress("a") with { Addresses = [Other] });
        Assert.Empty(new IngressStatuses(new(null, [])).Next(store.Current, Names("a")));
    }

    [Fact]
    public void What_we_wrote_is_withdrawn_even_if_it_left_while_no_replica_ran()
    {
        Set(Status("a", "us", Front, Other)); // whatever our address is today
        var change = Assert.Single(new IngressStatuses(Fixed).Next(store.Current, Names()));
        Assert.Empty(change.Wanted);
        Assert.Equal([Front, Other], change.Withdrawn);
    }

    [Theory]
    [InlineData("nginx")]
    [InlineData("us,nginx")]
    [InlineData("ingress-controller")] // what we are without a name, as others may be
    [InlineData(null)]
    public void What_others_wrote_stays_even_an_address_like_ours(string? manager)
    {
        var statuses = new IngressStatuses(Fixed);
        Set(Status("a", manager, Front), Status("b", manager, Front, Other));
        Assert.Empty(statuses.Next(store.Current, Names()));
    }

    [Fact]
    public void Entries_that_another_adds_to_ours_stay_and_ours_go()
    {
        var statuses = new IngressStatuses(Fixed);
        Set(Status("a", "us", Front));
        statuses.Next(store.Current, Names("a"));
        Set(Status("a", "other", Other, Front with { Ports = [new(80, "TCP", null)] }));
        var change = Assert.Single(statuses.Next(store.Current, Names()));
        Assert.Equal([Other], change.Wanted);
        Assert.Equal([Front.Ip], change.Withdrawn.Select(entry => entry.Ip));
        Set(Status("a", "other", Other));
        Assert.Empty(statuses.Next(store.Current, Names()));
        Set(Status("a", "other", Other, Front)); // the other means its own
        Assert.Empty(statuses.Next(store.Current, Names()));
    }

    [Fact]
    public void Whoever_writes_the_list_anew_owns_it_although_the_address_is_the_same()
    {
        var statuses = new IngressStatuses(Fixed);
        Set(Status("a", "us", Front));
        statuses.Next(store.Current, Names("a"));
        Set(Status("a", "other", Front));
        Assert.Empty(statuses.Next(store.Current, Names()));
    }

    [Theory]
    [InlineData("ingress-controller")]
    [InlineData(null)]
    public void What_we_wrote_before_we_had_a_name_is_withdrawn_once_we_have_served_it(string? manager)
    {
        var statuses = new IngressStatuses(Fixed);
        Set(Status("a", manager, Front), Status("b", manager, Other), Status("c", "nginx", Front));
        Assert.Equal(["default/b"], statuses.Next(store.Current, Names("a", "b", "c")).Select(change => change.Name.ToString()));
        var change = Assert.Single(statuses.Next(store.Current, Names()));
        Assert.Equal(("default/a", 1), (change.Name.ToString(), change.Withdrawn.Count));
    }

    [Fact]
    public void A_namesake_that_came_later_is_nobody_of_ours()
    {
        var statuses = new IngressStatuses(Fixed);
        Set(WithUid(Status("a", "us", Front), "1"));
        statuses.Next(store.Current, Names("a"));
        Set(WithUid(Status("a", "other", Front, Other), "2"));
        Assert.Empty(statuses.Next(store.Current, Names()));
    }

    [Fact]
    public void What_is_going_is_left_alone()
    {
        var going = Status("a", "us", Front);
        Set(going with { Metadata = going.Metadata with { IsTerminating = true } });
        Assert.Empty(new IngressStatuses(Fixed).Next(store.Current, Names()));
    }

    [Fact]
    public void An_Ingress_that_returns_is_ours_again()
    {
        var statuses = new IngressStatuses(Fixed);
        Set(Status("a", "us", Front));
        Assert.Single(statuses.Next(store.Current, Names()));
        Assert.Empty(statuses.Next(store.Current, Names("a")));
    }

    private static Ingress Status(string name, string? manager, params LoadBalancerAddress[] addresses) =>
        Make.Ingress(name) with { Addresses = [.. addresses], StatusManager = manager };

    private static Ingress WithUid(Ingress ingress, string uid) => ingress with { Metadata = ingress.Metadata with { Uid = uid } };

    private static Service Balancer(params LoadBalancerAddress[] addresses) =>
        Make.Service("ingress/front", "80") with { Type = ServiceType.LoadBalancer, Addresses = [.. addresses] };

    private static IEnumerable<NamespacedName> Names(params string[] names) => names.Select(name => new NamespacedName("default", name));

    private void Set(params IResource[] resources) => store.Apply(Make.Changes(resources));
}
