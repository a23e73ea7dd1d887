using System.Text.Json.Nodes;
using IngressController.Testing;
using IngressController.Testing.ApiServer;

namespace IngressController.EndToEnd.Cluster;

/// <summary>Replicas of the real program that come and go.</summary>
public sealed class ReplicaTests : IAsyncLifetime, IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private FakeApiServer server = null!;

    private int Patches => server.Count("patch", "ingresses/status");

    private string Leader => (string?)server.Find("Lease", "ingress", "ingress-controller")?["spec"]?["holderIdentity"] ?? "";

    public async Task InitializeAsync()
    {
        server = await FakeApiServer.StartAsync();
        server.Apply("""
            {apiVersion: v1, kind: Namespace, metadata: {name: ingress}}
            ---
            {apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: {name: yarp}, spec: {controller: yarp.ingress.kubernetes.io/controller}}
            ---
            {apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: {name: other}, spec: {controller: example.com/other}}
            """);
        directory.Write("config", server.Kubeconfig());
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task A_leader_that_is_killed_in_the_middle_is_followed_by_the_other_and_each_status_is_written_once()
    {
        await using var one = await StartAsync("pod-a");
        await using var other = await StartAsync("pod-b");
        await Eventually.TrueAsync(() => Leader.Length > 0, "one leads");
        var (leader, follower) = Leader.StartsWith("pod-a", StringComparison.Ordinal) ? (one, other) : (other, one);
        server.Apply(string.Join("\n---\n", Enumerable.Range(0, 300).Select(number => Ingress($"web-{number}", "yarp"))));
        await Eventually.TrueAsync(() => Patches > 50, "the leader writes");
        await leader.Program.SignalAsync("KILL");
        Assert.Equal(137, await leader.Program.ExitCodeAsync());
        var written = Patches;
        Assert.InRange(written, 51, 299);
        Assert.StartsWith("503 ", await follower.AnswerAsync("web-299.example.com", "/"), StringComparison.Ordinal); // traffic needs no leader

        await LookedForLeaseAsync(2);
        Assert.Equal(written, Patches); // nobody writes until the lease has run out
        await LookedForLeaseAsync(2);
        await Eventually.TrueAsync(() => server.All("Ingress").All(HasAddress), "the other has written the rest");
        Assert.InRange(Patches, 300, 300 + 16); // what was on its way may be written twice
        Assert.All(
            server.Requests.Where(request => request is { Verb: "patch", Resource: "ingresses/status" }),
            request => Assert.Equal("?fieldManager=yarp%2Fingress%2Fingress-controller", request.Query));
    }

    [Fact]
    public async Task Every_replica_names_the_leader_and_only_one_says_that_it_is_that()
    {
        await using var one = await StartAsync("pod-a");
        await using var other = await StartAsync("pod-b");
        await Eventually.TrueAsync(() => Leader.Length > 0, "one leads");
        var (leader, follower) = Leader.StartsWith("pod-a", StringComparison.Ordinal) ? (one, other) : (other, one);
        await Eventually.TrueAsync(async () => await LeaderInOverviewAsync(leader) == (Leader, true), "the leader names itself");
        await Eventually.TrueAsync(async () => await LeaderInOverviewAsync(follower) == (Leader, false), "the other names the leader");
    }

    [Fact]
    public async Task What_left_our_class_while_no_replica_ran_loses_our_address_when_one_starts()
    {
        server.Apply(Ingress("web", "yarp") + "\n---\n" + Ingress("theirs", "other"));
        server.Apply(Ingress("theirs", "other") + "\nstatus: {loadBalancer: {ingress: [{ip: 203.0.113.5}]}}");
        await using (var replica = await StartAsync("pod-a"))
        {
            await Eventually.TrueAsync(() => HasAddress(Find("web")), "the address");
            Assert.StartsWith("503 ", await replica.AnswerAsync("web.example.com", "/"), StringComparison.Ordinal); // it was served before that
            await replica.Program.SignalAsync("TERM");
            Assert.Equal(0, await replica.Program.ExitCodeAsync());
        }

        Assert.True(HasAddress(Find("web")));
        Assert.Equal("", Leader); // given up
        server.Apply(Ingress("web", "other"));
        await using var next = await StartAsync("pod-b");
        await Eventually.TrueAsync(() => !HasAddress(Find("web")), "the address is withdrawn");
        Assert.True(HasAddress(Find("theirs")));
        Assert.Equal(2, Patches);
    }

    private static bool HasAddress(JsonObject ingress) => (string?)ingress["status"]?["loadBalancer"]?["ingress"]?[0]?["ip"] == "203.0.113.5";

    private static string Ingress(string name, string @class) => $"""
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: {name}
          namespace: shop
        spec:
          ingressClassName: {@class}
          rules:
          - host: {name}.example.com
            http:
              paths:
              - path: /
                pathType: Prefix
                backend:
                  service:
                    name: none
                    port:
                      number: 80
        """;

    private JsonObject Find(string name) => server.Find("Ingress", "shop", name)!;

    /// <summary>A candidate looks every 2 to 4.4 seconds.</summary>
    private Task LookedForLeaseAsync(int times)
    {
        var before = server.Count("get", "leases");
        return Eventually.TrueAsync(() => server.Count("get", "leases") >= before + times, "the other has looked");
    }

    private static async Task<(string Identity, bool IsLeader)> LeaderInOverviewAsync(ControllerProcess replica)
    {
        var leader = JsonNode.Parse(await replica.Admin.GetStringAsync(new Uri("/api/overview", UriKind.Relative)))!["leader"]!;
        return ((string)leader["identity"]!, (bool)leader["isLeader"]!);
    }

    private Task<ControllerProcess> StartAsync(string pod) => ControllerProcess.OfAsync(RunningProgram.Start(
        ControllerProcess.File,
        [
            "--kubeconfig", directory.File("config"), "--bind-address", "127.0.0.1", "--http-port", "0", "--https-port", "0", "--admin-port", "0",
            "--publish-address", "203.0.113.5", "--pod-name", pod, "--pod-namespace", "ingress",
        ]));
}
