using System.Net;
using System.Text.Json.Nodes;
using IngressController.Certificates.Acme;
using IngressController.EndToEnd.Cluster;
using IngressController.Testing;
using IngressController.Testing.Acme;
using IngressController.Testing.ApiServer;

namespace IngressController.EndToEnd.Acme.Running;

/// <summary>Replicas of the real program in a cluster, and an authority that finds one of them.</summary>
internal sealed class AcmeCluster : IAsyncDisposable
{
    private const string Namespace = "ingress";
    private const string Lease = "ingress-controller";

    private readonly TemporaryDirectory directory = new();
    private readonly EchoBackend backend;
    private readonly List<ControllerProcess> replicas = [];

    private AcmeCluster(FakeApiServer server, FakeAcme authority, EchoBackend backend) => (Server, Authority, this.backend) = (server, authority, backend);

    public FakeApiServer Server { get; }

    public FakeAcme Authority { get; }

    public string Root => Authority.RootPems[0];

    /// <summary>The Secrets that stand for orders that are under way.</summary>
    public IReadOnlyList<string> Pending => [.. ((Server.Find("Secret", Namespace, $"{Lease}-acme")?["data"]?["state.json"] is { } state ? JsonNode.Parse(Convert.FromBase64String((string)state!))!["orders"] as JsonArray : null) ?? []).Select(order => order!["secret"]!.ToJsonString())];

    public static async Task<AcmeCluster> StartAsync()
    {
        var cluster = new AcmeCluster(await FakeApiServer.StartAsync(), await FakeAcme.StartAsync(), await EchoBackend.StartAsync(address: OwnAddress.Value));
        cluster.Server.Apply($$$"""{apiVersion: v1, kind: Namespace, metadata: {name: {{{Namespace}}}}}""");
        cluster.Server.Apply(WebCluster.Class + Web.Service("web", cluster.backend.Port));
        cluster.directory.Write("config", cluster.Server.Kubeconfig());
        cluster.directory.Write("bundle.pem", cluster.Authority.CaBundle);
        return cluster;
    }

    /// <summary>One more replica, which the authority finds from now on.</summary>
    public async Task<ControllerProcess> RunAsync(string pod)
    {
        var replica = await ControllerProcess.OfAsync(RunningProgram.Start(
            ControllerProcess.File,
            [
                "--kubeconfig", directory.File("config"), "--bind-address", "127.0.0.1", "--http-port", "0", "--https-port", "0", "--admin-port", "0", "--publish-address", "203.0.113.5",
                "--pod-name", pod, "--pod-namespace", Namespace, "--acme-directory", $"{Authority.Directory}", "--acme-ca-bundle", directory.File("bundle.pem"),
            ]));
        replicas.Add(replica);
        Find(replica);
        return replica;
    }

    /// <summary>Every host leads there.</summary>
    public void Find(ControllerProcess replica) => (Authority.Rules.HttpAddress, Authority.Rules.TlsAddress) = (IPEndPoint.Parse(replica.Http.Authority), IPEndPoint.Parse(replica.Https.Authority));

    public Task LeadsAsync(string pod) =>
        Eventually.TrueAsync(() => ((string?)Server.Find("Lease", Namespace, Lease)?["spec"]?["holderIdentity"] ?? "").StartsWith(pod, StringComparison.Ordinal), $"{pod} leads");

    /// <summary>As <c>kubectl delete lease</c> does: who died need not be waited for.</summary>
    public void DeleteLease() => Server.Delete("Lease", Namespace, Lease);

    /// <summary>An Ingress asks for a certificate in the Secret of its name.</summary>
    public void Ask(string name, string host) => Server.Apply($$$$$"""
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: {{{{{name}}}}}, annotations: {{{{{{AcmeAnnotations.Wanted}}}}}: "true"}}
        spec:
          ingressClassName: yarp
          tls: [{hosts: [{{{{{host}}}}}], secretName: {{{{{name}}}}}}]
          rules:
          - host: {{{{{host}}}}}
            http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}
        """);

    public JsonObject? Secret(string name) => Server.Find("Secret", "default", name);

    /// <summary>The serial number that is noted on the Secret; empty where there is none.</summary>
    public string Serial(string name) => (string?)Secret(name)?["metadata"]?["annotations"]?[AcmeAnnotations.Serial] ?? "";

    /// <summary>The certificate is there, and nothing is pending.</summary>
    /// <param name="notThis">Its serial number.</param>
    public async Task<string> IssuedAsync(string name, string notThis = "")
    {
        try
        {
            await Eventually.TrueAsync(() => Serial(name) is { Length: > 0 } serial && serial != notThis && Pending.Count == 0, $"{name} is issued");
            return Serial(name);
        }
        catch (TimeoutException timeout)
        {
            throw new TimeoutException($"{timeout.Message}\npending: {string.Join(", ", Pending)}\n{string.Join("\n\n", replicas.Select(replica => replica.Program.HasExited ? "gone" : replica.Program.Output + replica.Program.Errors))}", timeout);
        }
    }

    public IReadOnlyList<AcmeOrder> OrdersOf(string host) => [.. Authority.Orders.Where(order => order.Hosts.Contains(host))];

    /// <summary>An Event on the Ingress has these words.</summary>
    public Task ToldAsync(string ingress, string words) => Eventually.TrueAsync(
        () => Server.All("Event").Any(item => (string?)item["regarding"]?["name"] == ingress && ((string?)item["note"] ?? "").Contains(words, StringComparison.Ordinal)), $"an Event on {ingress}: {words}");

    public async ValueTask DisposeAsync()
    {
        foreach (var replica in replicas)
        {
            await replica.DisposeAsync();
        }

        await Authority.DisposeAsync();
        await Server.DisposeAsync();
        await backend.DisposeAsync();
        directory.Dispose();
    }
}
