using System.Text.Json.Nodes;
using IngressController.Testing;
using IngressController.Testing.Clusters;

namespace IngressController.EndToEnd.Cluster;

/// <summary>What replicas of the whole program write to a cluster, and which of them does.</summary>
public sealed class ReplicasTests : IAsyncLifetime
{
    private TestCluster cluster = null!;

    public async Task InitializeAsync()
    {
        cluster = await TestCluster.StartAsync();
        await cluster.ApplyAsync(Web.Ingress("web", cluster.Class, "a.example.com", "none") + """
            apiVersion: v1
            kind: Service
            metadata: {name: front}
            # A class that nobody serves, so that a cloud builds nothing.
            spec: {type: LoadBalancer, loadBalancerClass: ingress-test.example.com/nobody, allocateLoadBalancerNodePorts: false, ports: [{port: 80}]}
            status: {loadBalancer: {ingress: [{ip: 203.0.113.5}]}}
            """);
    }

    public async Task DisposeAsync() => await cluster.DisposeAsync();

    [Fact]
    public async Task The_address_of_the_Service_is_shown_and_follows_it()
    {
        await using var replica = await StartAsync("pod-a");
        await ShowsAsync("203.0.113.5");
        await cluster.ApplyAsync("""
            apiVersion: v1
            kind: Service
            metadata: {name: front}
            spec: {type: LoadBalancer, loadBalancerClass: ingress-test.example.com/nobody, allocateLoadBalancerNodePorts: false, ports: [{port: 80}]}
            status: {loadBalancer: {ingress: [{hostname: front.example.com}]}}
            """);
        await ShowsAsync("front.example.com");
    }

    [Fact]
    public async Task An_Ingress_that_leaves_the_class_loses_our_address_and_keeps_what_others_write_then()
    {
        await using var replica = await StartAsync("pod-a");
        await ShowsAsync("203.0.113.5");
        await cluster.ApplyAsync($$$"""
            {apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: {name: {{{cluster.Class}}}-other}, spec: {controller: example.com/other}}
            """);
        var web = (await cluster.FindAsync("Ingress", "web"))!;
        web["spec"]!["ingressClassName"] = $"{cluster.Class}-other";
        await cluster.ApplyAsync(web);
        await ShowsAsync("");

        web = (await cluster.FindAsync("Ingress", "web"))!;
        web["status"] = JsonNode.Parse("""{"loadBalancer": {"ingress": [{"ip": "198.51.100.9"}, {"ip": "203.0.113.5"}]}}""");
        await cluster.ApplyAsync(web);
        await cluster.ApplyAsync(Web.Ingress("later", cluster.Class, "later.example.com"));
        await ShowsAsync("203.0.113.5", "later"); // so the news of both have been looked at
        Assert.Equal("198.51.100.9 203.0.113.5", await AddressesAsync("web"));
    }

    [Fact]
    public async Task What_is_wrong_with_an_Ingress_is_an_Event_on_it()
    {
        await using var replica = await StartAsync("pod-a");
        JsonObject? told = null;
        await Eventually.TrueAsync(
            async () => (told = (await cluster.AllAsync("Event")).FirstOrDefault(item => (string?)item["reason"] == "ServiceNotFound")) is not null, "an Event");
        Assert.Equal(
            ("Ingress", "web", (string?)(await cluster.FindAsync("Ingress", "web"))!["metadata"]!["uid"]),
            ((string?)told!["regarding"]!["kind"], (string?)told["regarding"]!["name"], (string?)told["regarding"]!["uid"]));
        Assert.Equal((cluster.Controller, "pod-a", "Warning"), ((string?)told["reportingController"], (string?)told["reportingInstance"], (string?)told["type"]));
        Assert.Contains("none does not exist", (string?)told["note"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_replica_leads_and_another_goes_on_when_it_stops()
    {
        await using var first = await StartAsync("pod-a");
        await first.Program.SaysAsync("pod-a_[0-9a-f-]+ leads from now on");
        await using var second = await StartAsync("pod-b");
        Assert.StartsWith("pod-a_", await HolderAsync(), StringComparison.Ordinal);
        await ShowsAsync("203.0.113.5");
        await first.Program.SignalAsync("TERM");
        Assert.Equal(0, await first.Program.ExitCodeAsync());
        Assert.Equal("203.0.113.5", await AddressesAsync()); // not cleared on shutdown
        await second.Program.SaysAsync("pod-b_[0-9a-f-]+ leads from now on");
        await second.Program.SignalAsync("TERM");
        Assert.Equal(0, await second.Program.ExitCodeAsync());
        Assert.Equal("", await HolderAsync() ?? "");
    }

    private async Task<string?> HolderAsync() => (string?)Assert.Single(await cluster.AllAsync("Lease"))["spec"]!["holderIdentity"];

    private Task ShowsAsync(string addresses, string name = "web") => Eventually.TrueAsync(async () => await AddressesAsync(name) == addresses, $"the Ingress {name} shows {addresses}");

    private async Task<string> AddressesAsync(string name = "web") => string.Join(' ', ((await cluster.FindAsync("Ingress", name))!["status"]?["loadBalancer"]?["ingress"] as JsonArray ?? [])
        .Select(entry => (string?)(entry!["ip"] ?? entry["hostname"])));

    private Task<ControllerProcess> StartAsync(string pod) =>
        cluster.RunAsync(flags: ["--publish-service", $"{cluster.Namespace}/front", "--pod-name", pod]);
}
