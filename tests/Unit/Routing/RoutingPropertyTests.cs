using FsCheck;
using FsCheck.Fluent;
using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Routing.Matching;
using IngressController.Routing.Model;
using IngressController.Testing;

namespace IngressController.Unit.Routing;

public sealed class RoutingPropertyTests
{
    private static readonly string?[] Hosts = [null, "a.test", "b.test", "*.test", "x.a.test", "*.a.test"];
    private static readonly string[] Requested = ["a.test", "B.test", "c.test", "x.a.test", "y.a.test", "z.y.a.test", "test", "other.org"];

    private static Gen<string> Paths(int depth) =>
        from elements in Gen.Elements("a", "b", "ab", "A").ArrayOf().Resize(depth)
        from slash in Gen.Elements("", "/")
        select elements.Length == 0 ? "/" : "/" + string.Join('/', elements.Take(depth)) + slash;

    private static Gen<string> RulePaths =>
        from type in Gen.Elements("Exact", "Prefix", "ImplementationSpecific")
        from path in Paths(3)
        from service in Gen.Choose(0, 4)
        select $"{type} {path} s{service}:80";

    private static Gen<Ingress> Ingresses =>
        from name in Gen.Choose(0, 7)
        from age in Gen.Choose(0, 3)
        from hosts in Gen.Elements(Hosts).ArrayOf().Resize(3)
        from paths in RulePaths.ArrayOf().Resize(4)
        from fallback in Gen.Elements("", "", "d1:80", "d2:80")
        let rules = hosts.Aggregate(Make.Ingress($"ns{name % 2}/i{name}", age), (ingress, host) => ingress.WithRule(host, paths))
        select fallback.Length == 0 ? rules : rules.WithDefault(fallback);

    private static Gen<Ingress[]> Worlds =>
        from ingresses in Ingresses.ArrayOf().Resize(6)
        select ingresses.DistinctBy(ingress => ingress.Key).ToArray();

    [Fact]
    public void The_table_answers_as_the_obvious_matcher_does() =>
        Prop.ForAll(
            Worlds.ToArbitrary(),
            Gen.Elements(Requested).ToArbitrary(),
            Paths(5).ToArbitrary(),
            (world, host, path) =>
            {
                var room = RoutingRoom.With(world);
                room.Table.Match(host, path, out var match);
                return ReferenceMatcher.Match(world, host, path) == match.Route?.Backend?.Service.Name;
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));

    [Fact]
    public void The_order_in_which_objects_arrive_does_not_count() =>
        Prop.ForAll(
            Worlds.ToArbitrary(),
            Gen.Choose(0, int.MaxValue).ToArbitrary(),
            (world, seed) =>
            {
                var shuffled = world.ToArray();
                new Random(seed).Shuffle(shuffled);
                AssertSame(RoutingRoom.With(world), RoutingRoom.With(shuffled));
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    private static Gen<IResource> Objects => Gen.OneOf(
        Ingresses.Select(ingress => (IResource)ingress),
        Ingresses.Select(ingress => (IResource)(ingress with { ClassName = "late" })),
        Gen.Elements<IResource>(
            Make.IngressClass(),
            Make.IngressClass(controller: "somebody.else/controller"),
            Make.IngressClass("late", isDefault: true),
            Make.Namespace("ns0", terminating: true),
            Make.Namespace("ns0"),
            Make.Service("ns0/s1", "80"),
            Make.Service("ns0/s1", "http:80", "metrics:9090"),
            Make.Service("ns1/s1", "81"),
            Make.ExternalName("ns0/s2", "example.org", "80"),
            Make.Slice("ns0/s1", "8080", "10.0.0.1", "10.0.0.2"),
            Make.Slice("ns0/s1", "http:8080", "10.0.0.3"),
            Make.Slice("ns0/s1", "8080", "10.0.0.1").Named("moving"),
            Make.Slice("ns0/s2", "8080", "10.0.0.1").Named("moving")));

    private static Gen<(IResource Object, bool Deleted)[][]> Histories =>
        (from resource in Objects
         from deleted in Gen.Frequency((3, Gen.Constant(false)), (1, Gen.Constant(true)))
         select (resource, deleted)).ArrayOf().Resize(4).ArrayOf().Resize(12);

    /// <summary>The incremental translation must not be tellable from one that starts from nothing.</summary>
    [Fact]
    public void Any_history_ends_where_a_fresh_start_ends() =>
        Prop.ForAll(Histories.ToArbitrary(), history =>
        {
            var room = new RoutingRoom();
            foreach (var batch in history)
            {
                var before = room.Translation.Model;
                room.Apply(batch.Select(change => new ResourceChange(change.Object.Key, change.Deleted ? null : change.Object)));
                AssertChangeIsExact(before, room.LastChange);
            }

            var snapshot = room.Snapshot;
            var fresh = new RoutingRoom();
            fresh.Apply(Make.Changes(
            [
                .. snapshot.IngressClasses.Values, .. snapshot.Namespaces.Values, .. snapshot.Services.Values,
                .. snapshot.EndpointSlices.Values, .. snapshot.Ingresses.Values,
            ]));
            AssertSame(fresh, room);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    private static void AssertSame(RoutingRoom expected, RoutingRoom actual)
    {
        Assert.Equal(expected.Translation.Model.Hosts.OrderBy(host => host.Key), actual.Translation.Model.Hosts.OrderBy(host => host.Key));
        Assert.Equal(
            expected.Translation.Model.Backends.OrderBy(backend => backend.Key.ToString()).Select(backend => backend.Value),
            actual.Translation.Model.Backends.OrderBy(backend => backend.Key.ToString()).Select(backend => backend.Value));
        Assert.Equal(expected.Translation.Model.CatchAll, actual.Translation.Model.CatchAll);
        Assert.Equal(expected.Translation.Problems, actual.Translation.Problems);
        Assert.Equal(expected.Translation.Ingresses, actual.Translation.Ingresses);
    }

    private static void AssertChangeIsExact(RoutingModel before, RoutingChange change)
    {
        var hosts = before.Hosts.Keys.Union(change.Model.Hosts.Keys)
            .Where(host => before.Hosts.GetValueOrDefault(host) != change.Model.Hosts.GetValueOrDefault(host));
        Assert.Equal(hosts.Order(), change.Hosts.Order());
        var backends = before.Backends.Keys.Union(change.Model.Backends.Keys)
            .Where(backend => before.Backends.GetValueOrDefault(backend) != change.Model.Backends.GetValueOrDefault(backend));
        Assert.Equal(backends.ToHashSet(), change.Backends.ToHashSet());
    }
}
