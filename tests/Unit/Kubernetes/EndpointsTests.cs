using IngressController.Cluster;
using IngressController.Cluster.Resources;

namespace IngressController.Unit.Kubernetes;

/// <summary>v1 Endpoints become EndpointSlices where a Service has none.</summary>
public sealed class EndpointsTests
{
    private const string Endpoints = """
        apiVersion: v1
        kind: Endpoints
        metadata: {name: web, namespace: shop, labels: {app: web}}
        subsets:
        - addresses: [{ip: 10.0.0.1, nodeName: n1}, {ip: "2001:db8::1"}]
          notReadyAddresses: [{ip: 10.0.0.2}]
          ports: [{name: http, port: 8080}]
        - addresses: [{ip: 10.0.0.3}]
          ports: [{name: http, port: 9090}]

        """;

    private static string Slice(string service) =>
        $"apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {{name: own, namespace: shop, labels: {{kubernetes.io/service-name: {service}}}}}\naddressType: IPv4\n";

    [Fact]
    public void Every_subset_and_IP_family_becomes_one_slice()
    {
        var reading = ManifestFolder.ReadText(Endpoints);

        Assert.Empty(reading.Problems);
        Assert.Equal(
            ["EndpointSlice shop/web-mirrored-0-ipv4", "EndpointSlice shop/web-mirrored-0-ipv6", "EndpointSlice shop/web-mirrored-1-ipv4"],
            reading.Keys());
        var slices = reading.Changes.Select(change => (EndpointSlice)change.Resource!).ToList();
        Assert.All(slices, slice => Assert.Equal("web", slice.ServiceName));
        Assert.Equal([new EndpointPort("http", 8080, "TCP", null)], slices[0].Ports);
        Assert.Equal(
            [
                new Endpoint("10.0.0.1", true, true, false, "n1", null, default, default),
                new Endpoint("10.0.0.2", false, false, false, null, null, default, default),
            ],
            slices[0].Endpoints);
        Assert.Equal((AddressType.IPv6, "2001:db8::1"), (slices[1].AddressType, slices[1].Endpoints[0].Address));
        Assert.Equal([new EndpointPort("http", 9090, "TCP", null)], slices[2].Ports);
    }

    [Fact]
    public void A_slice_knows_when_its_change_happened_and_is_the_same_at_another_time()
    {
        var (one, other) = (Read("2026-05-04T10:11:12.5Z"), Read("2026-05-04T10:11:13Z"));
        Assert.Equal(new DateTimeOffset(2026, 5, 4, 10, 11, 12, 500, TimeSpan.Zero), one.Trigger.At);
        Assert.Equal(one, other);
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
        Assert.NotEqual(one, other with { AddressType = AddressType.IPv6 });
        Assert.Equal(DateTimeOffset.MinValue, Read("yesterday").Trigger.At);

        static EndpointSlice Read(string time)
        {
            var text = Slice("web").Replace("name: own,", $"name: own, annotations: {{endpoints.kubernetes.io/last-change-trigger-time: \"{time}\"}},", StringComparison.Ordinal);
            return (EndpointSlice)ManifestFolder.ReadText(text).Changes.Single().Resource!;
        }
    }

    [Fact]
    public void A_Service_with_slices_of_its_own_is_not_mirrored()
    {
        Assert.Equal(["EndpointSlice shop/own"], ManifestFolder.ReadText(Yaml.Documents(Endpoints, Slice("web"))).Keys());
        Assert.Equal(4, ManifestFolder.ReadText(Yaml.Documents(Endpoints, Slice("other"))).Changes.Count);
    }

    [Fact]
    public void Endpoints_that_ask_not_to_be_mirrored_are_not()
    {
        var text = Endpoints.Replace("app: web", "endpointslice.kubernetes.io/skip-mirror: 'true'", StringComparison.Ordinal);

        Assert.Empty(ManifestFolder.ReadText(text).Changes);
    }

    [Fact]
    public void Of_the_same_Endpoints_in_two_files_only_the_first_is_mirrored()
    {
        using var folder = new ManifestFolder();
        folder.Write("a.yaml", "apiVersion: v1\nkind: Endpoints\nmetadata: {name: web, namespace: shop}\nsubsets: [{addresses: [{ip: 10.0.0.9}]}]\n");
        folder.Write("b.yaml", Endpoints);

        var reading = folder.Read();

        Assert.Equal(["EndpointSlice shop/web-mirrored-0-ipv4"], reading.Keys());
        Assert.Equal("Endpoints shop/web already stands in a.yaml:1, which is served", reading.SingleProblem().Message);
    }

    [Theory]
    [InlineData("[{addresses: [{ip: 10.0.0.300}]}]", "subsets[0].addresses[0].ip: Invalid value: \"10.0.0.300\": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)")]
    [InlineData("[{ports: [{port: 80}]}]", "subsets[0]: Required value: must specify `addresses` or `notReadyAddresses`")]
    [InlineData("[{addresses: [{ip: 10.0.0.1}], ports: [{port: 80}, {port: 81, name: b}]}]", "subsets[0].ports[0].name: Required value")]
    [InlineData("[{addresses: [{ip: 10.0.0.1}], ports: [{port: 0}]}]", "subsets[0].ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive")]
    public void Endpoints_that_the_API_server_refuses_are_problems_that_name_them(string subsets, string message)
    {
        var reading = ManifestFolder.ReadText($"apiVersion: v1\nkind: Endpoints\nmetadata: {{name: web}}\nsubsets: {subsets}\n");

        Assert.Empty(reading.Changes);
        Assert.Equal((ProblemCode.Invalid, $"Endpoints default/web {message}"), (reading.SingleProblem().Code, reading.SingleProblem().Message));
    }
}
