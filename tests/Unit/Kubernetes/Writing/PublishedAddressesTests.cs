using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Kubernetes.Status;
using IngressController.Testing;

namespace IngressController.Unit.Kubernetes.Writing;

public sealed class PublishedAddressesTests
{
    private static readonly Service Plain = Make.Service("ingress/front", "80");

    public static TheoryData<string, string> Kinds => new()
    {
        { "a load balancer's ip and ports", "203.0.113.1[80/TCP]" },
        { "a load balancer's hostname and its externalIPs, each once", "lb.example.com 203.0.113.9" },
        { "a load balancer that has nothing yet", "" },
        { "externalIPs before ClusterIPs", "203.0.113.9" },
        { "ClusterIPs of both families", "10.0.0.1 fd00::1" },
        { "a headless Service", "" },
        { "a node port without externalIPs", "10.0.0.1" },
        { "an ExternalName", "example.com" },
        { "an ExternalName that is an address", "203.0.113.7" },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_service_of_each_type_has_its_addresses(string service, string expected)
    {
        var store = new ClusterStore();
        store.Apply(Make.Changes(Services[service]));
        var addresses = PublishedAddresses.Of(new(new("ingress", "front"), []), store.Current);
        Assert.Equal(expected, string.Join(' ', addresses!.Value.Select(Text)));
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1", null)]
    [InlineData("2001:db8::1", "2001:db8::1", null)]
    [InlineData("lb.example.com", null, "lb.example.com")]
    public void An_address_of_a_flag_is_an_ip_or_a_hostname(string text, string? ip, string? hostname) =>
        Assert.Equal(new(ip, hostname), PublishOptions.Entry(text));

    [Fact]
    public void Addresses_of_flags_beat_the_service_and_count_once()
    {
        var entry = PublishOptions.Entry("192.0.2.1");
        Assert.Equal([entry], PublishedAddresses.Of(new(new("ingress", "front"), [entry, entry]), ClusterSnapshot.Empty)!.Value);
    }

    private static Dictionary<string, Service> Services { get; } = new()
    {
        ["a load balancer's ip and ports"] = Balancer(new LoadBalancerAddress("203.0.113.1", null, [new(80, "TCP", null)])),
        ["a load balancer's hostname and its externalIPs, each once"] =
            Balancer(new LoadBalancerAddress(null, "lb.example.com"), new LoadBalancerAddress("203.0.113.9", null)) with { ExternalIPs = ["203.0.113.9"] },
        ["a load balancer that has nothing yet"] = Balancer(new LoadBalancerAddress(null, null)) with { ClusterIPs = ["10.0.0.1"] },
        ["externalIPs before ClusterIPs"] = Plain with { ClusterIPs = ["10.0.0.1"], ExternalIPs = ["203.0.113.9"] },
        ["ClusterIPs of both families"] = Plain with { ClusterIPs = ["10.0.0.1", "fd00::1"] },
        ["a headless Service"] = Plain with { ClusterIPs = ["None"] },
        ["a node port without externalIPs"] = Plain with { Type = ServiceType.NodePort, ClusterIPs = ["10.0.0.1"] },
        ["an ExternalName"] = Make.ExternalName("ingress/front", "example.com.", "80"),
        ["an ExternalName that is an address"] = Make.ExternalName("ingress/front", "203.0.113.7", "80"),
    };

    private static Service Balancer(params LoadBalancerAddress[] addresses) => Plain with { Type = ServiceType.LoadBalancer, Addresses = [.. addresses] };

    private static string Text(LoadBalancerAddress address) =>
        (address.Ip ?? address.Hostname) + string.Concat(address.Ports.Select(port => $"[{port.Port}/{port.Protocol}]"));
}
