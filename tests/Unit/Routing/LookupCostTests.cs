using IngressController.Cluster.Resources;
using IngressController.Routing.Matching;
using IngressController.Testing;

namespace IngressController.Unit.Routing;

public sealed class LookupCostTests
{
    [Theory]
    [InlineData("host7.example.com", "/a/b/c?q=1")]
    [InlineData("HOST9.Example.com:8443", "/cart/items")]
    [InlineData("x.wild.example.com", "/any")]
    [InlineData("nobody.example.org", "/any")]
    [InlineData("[::1]:80", "/")]
    [InlineData("host7.example.com", "/a/%62//./c%2Fd")]
    public void A_lookup_allocates_nothing(string host, string target)
    {
        var room = RoutingRoom.With(
        [
            .. Enumerable.Range(0, 100).Select(index => (IResource)Make.Ingress($"i{index}").WithRule($"host{index}.example.com", "Prefix /", "Prefix /a/b", "Exact /a")),
            Make.Ingress("wild").WithRule("*.wild.example.com", "Prefix /"),
            Make.Ingress("any").WithRule(null, "Prefix /any"),
        ]);
        room.Table.Match(host, target, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 1000; round++)
        {
            room.Table.Match(host, target, out _);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
