using System.Text.Json.Nodes;
using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Kubernetes.Status;
using IngressController.Testing;

namespace IngressController.Unit.Kubernetes.Writing;

/// <summary>The status that really stands in the API server afterwards.</summary>
public sealed class StatusWriterTests : IAsyncLifetime, IDisposable
{
    private readonly CancellationTokenSource term = new();
    private readonly ClusterStore store = new();
    private readonly LogLines<StatusWriter> log = new();
    private WritingCluster cluster = null!;
    private StatusWriter writer = null!;
    private Task running = Task.CompletedTask;

    public async Task InitializeAsync()
    {
        cluster = await WritingCluster.StartAsync();
        writer = new(cluster.Client, new(null, [new("192.0.2.1", null, [new(80, "TCP", null)])]) { Manager = "yarp/ingress/leader" }, TimeProvider.System, log);
        running = writer.RunAsync(term.Token);
    }

    public async Task DisposeAsync()
    {
        await term.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.InTime());
        await cluster.DisposeAsync();
    }

    public void Dispose() => term.Dispose();

    [Fact]
    public async Task A_served_Ingress_gets_the_address_once()
    {
        Note([cluster.Add("web")], "web");
        await EntriesAsync("web", """[{"ip":"192.0.2.1","ports":[{"port":80,"protocol":"TCP"}]}]""");
        Note([], "web"); // old news: the echo is still on its way
        Note([cluster.Add("second")], "web", "second");
        await EntriesAsync("second", """[{"ip":"192.0.2.1","ports":[{"port":80,"protocol":"TCP"}]}]""");
        Assert.Equal(2, cluster.Server.Count("patch", "ingresses/status"));
    }

    [Fact]
    public async Task What_leaves_us_loses_our_entry_and_keeps_what_another_has_written_meanwhile()
    {
        Note([cluster.Add("web")], "web");
        await EntriesAsync("web", """[{"ip":"192.0.2.1","ports":[{"port":80,"protocol":"TCP"}]}]""");
        var seen = cluster.See("web");
        cluster.Server.Apply("""
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: web, namespace: shop}
            spec: {ingressClassName: other, defaultBackend: {service: {name: web, port: {number: 80}}}}
            status: {loadBalancer: {ingress: [{ip: 192.0.2.1}, {hostname: other.example.com, ports: [{port: 443, protocol: TCP}]}]}}
            """);
        Note([seen]); // we have not seen the other's entry yet
        await EntriesAsync("web", """[{"hostname":"other.example.com","ports":[{"port":443,"protocol":"TCP"}]}]""");
    }

    [Fact]
    public async Task What_another_writes_after_our_entry_was_taken_back_stays_even_if_the_news_of_both_come_as_one()
    {
        Note([cluster.Add("web")], "web");
        await EntriesAsync("web", """[{"ip":"192.0.2.1","ports":[{"port":80,"protocol":"TCP"}]}]""");
        Note([cluster.See("web")], "web");
        Note([cluster.See("web")]);
        await EntriesAsync("web", "[]");
        cluster.Server.Apply("""
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: web, namespace: shop}
            spec: {ingressClassName: other, defaultBackend: {service: {name: web, port: {number: 80}}}}
            status: {loadBalancer: {ingress: [{hostname: other.example.com}, {ip: 192.0.2.1}]}}
            """);
        Note([cluster.See("web")]);
        Note([cluster.Add("later")], "later");
        await EntriesAsync("later", """[{"ip":"192.0.2.1","ports":[{"port":80,"protocol":"TCP"}]}]""");
        Assert.Equal(3, cluster.Server.Count("patch", "ingresses/status"));
    }

    [Fact]
    public async Task What_another_added_stays_when_who_leads_next_sees_what_was_left()
    {
        Note([cluster.Add("web")], "web");
        await EntriesAsync("web", """[{"ip":"192.0.2.1","ports":[{"port":80,"protocol":"TCP"}]}]""");
        Note([cluster.See("web")], "web");
        cluster.Server.Apply("""
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: web, namespace: shop}
            spec: {ingressClassName: other, defaultBackend: {service: {name: web, port: {number: 80}}}}
            status: {loadBalancer: {ingress: [{ip: 192.0.2.1}, {hostname: other.example.com}]}}
            """);
        Note([cluster.See("web")]);
        await EntriesAsync("web", """[{"hostname":"other.example.com"}]""");

        var (next, later) = (new StatusWriter(cluster.Client, new(null, [new("192.0.2.1", null, [])]) { Manager = "yarp/ingress/leader" }, TimeProvider.System, log), cluster.Add("later"));
        store.Apply(Make.Changes([cluster.See("web"), later]));
        next.Note(store.Current, [later.Metadata.Name]);
        var leading = next.RunAsync(term.Token);
        await EntriesAsync("later", """[{"ip":"192.0.2.1"}]""");
        await term.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leading.InTime());
        await EntriesAsync("web", """[{"hostname":"other.example.com"}]""");
    }

    [Fact]
    public async Task What_left_us_while_no_replica_ran_loses_what_an_earlier_one_wrote_and_nothing_else()
    {
        Note([cluster.Add("ours"), cluster.Add("theirs")], "ours");
        await EntriesAsync("ours", """[{"ip":"192.0.2.1","ports":[{"port":80,"protocol":"TCP"}]}]""");
        cluster.Server.Apply("""
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: theirs, namespace: shop}
            spec: {defaultBackend: {service: {name: web, port: {number: 80}}}}
            status: {loadBalancer: {ingress: [{ip: 192.0.2.1}]}}
            """);
        var later = new StatusWriter(cluster.Client, new(null, []) { Manager = "yarp/ingress/leader" }, TimeProvider.System, log);
        var leading = later.RunAsync(term.Token);
        store.Apply(Make.Changes(cluster.See("ours"), cluster.See("theirs")));
        later.Note(store.Current, []);
        await EntriesAsync("ours", "[]");
        Assert.Equal((1, 2), (cluster.Server.Count("get", "ingresses/status"), cluster.Server.Count("patch", "ingresses/status")));
        await term.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leading.InTime());
    }

    [Fact]
    public async Task What_another_wrote_anew_just_before_we_withdraw_is_left_alone()
    {
        Note([cluster.Add("web")], "web");
        await EntriesAsync("web", """[{"ip":"192.0.2.1","ports":[{"port":80,"protocol":"TCP"}]}]""");
        var seen = cluster.See("web");
        cluster.Server.Apply("""
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: web, namespace: shop}
            spec: {defaultBackend: {service: {name: web, port: {number: 80}}}}
            status: {loadBalancer: {ingress: [{ip: 192.0.2.1}]}}
            """);
        Note([seen]); // we have not seen it yet
        await Eventually.TrueAsync(() => cluster.Server.Count("get", "ingresses/status") == 1, "we look before we write");
        Note([cluster.Add("next")], "next");
        await EntriesAsync("next", """[{"ip":"192.0.2.1","ports":[{"port":80,"protocol":"TCP"}]}]""");
        await EntriesAsync("web", """[{"ip":"192.0.2.1"}]""");
    }

    [Fact]
    public async Task A_withdrawal_that_meets_a_change_looks_again()
    {
        Note([cluster.Add("web")], "web");
        await EntriesAsync("web", """[{"ip":"192.0.2.1","ports":[{"port":80,"protocol":"TCP"}]}]""");
        cluster.Server.Delay(TimeSpan.FromMilliseconds(200));
        Note([cluster.See("web")]);
        await Eventually.TrueAsync(() => cluster.Server.Count("patch", "ingresses/status") == 2, "the withdrawal is on its way");
        cluster.Add("web", annotation: "changed"); // under its feet
        cluster.Server.Delay(TimeSpan.Zero);
        await EntriesAsync("web", "[]");
        Assert.Equal((2, 3), (cluster.Server.Count("get", "ingresses/status"), cluster.Server.Count("patch", "ingresses/status")));
        Assert.Empty(log.Lines); // that is no failure
    }

    [Fact]
    public async Task A_namesake_that_came_later_is_left_alone()
    {
        var seen = cluster.Add("web");
        cluster.Server.Delete("Ingress", "shop", "web");
        cluster.Add("web");
        Note([seen], "web");
        await Eventually.TrueAsync(() => cluster.Server.Count("patch", "ingresses/status") > 0, "the patch");
        Assert.Empty(cluster.Entries("web"));
    }

    [Fact]
    public async Task Everything_is_written_although_the_API_server_throttles_fails_and_some_are_gone()
    {
        var ingresses = Enumerable.Range(0, 60).Select(number => cluster.Add($"web-{number}")).ToList();
        cluster.Server.Delete("Ingress", "shop", "web-7");
        cluster.Server.Throttle(5);
        cluster.Server.Fail(5, 503);
        Note(ingresses, [.. ingresses.Select(ingress => ingress.Metadata.Name.Name)]);
        await Eventually.TrueAsync(() => ingresses.Count(ingress => cluster.Entries(ingress.Metadata.Name.Name).Count == 1) == 59, "all but the one that is gone");
        await Eventually.TrueAsync(() => cluster.Server.Count("patch", "ingresses/status") >= 70, "the one that is gone was asked for too");
        Assert.Equal(70, cluster.Server.Count("patch", "ingresses/status")); // ten refused, none too many
    }

    [Fact]
    public async Task A_missing_right_is_said_once_and_tried_again()
    {
        cluster.Server.WithdrawRights();
        Note([cluster.Add("web"), cluster.Add("second")], "web", "second");
        await Eventually.TrueAsync(() => cluster.Server.Count("patch", "ingresses/status") >= 4, "tried again");
        Assert.Contains("is forbidden", Assert.Single(log.Lines), StringComparison.Ordinal);
    }

    private void Note(IEnumerable<Ingress> news, params string[] served)
    {
        store.Apply(Make.Changes(news));
        writer.Note(store.Current, served.Select(name => new NamespacedName("shop", name)));
    }

    private Task EntriesAsync(string name, string expected) =>
        Eventually.TrueAsync(() => JsonNode.DeepEquals(cluster.Entries(name), JsonNode.Parse(expected)), $"{name} has {expected}");
}
