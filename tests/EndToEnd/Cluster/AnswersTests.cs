using System.Text.Json.Nodes;
using IngressController.Testing.Clusters;

namespace IngressController.EndToEnd.Cluster;

/// <summary>What the API server refuses, where the program relies on it: it need not stand what cannot come.</summary>
public sealed class AnswersTests : IAsyncLifetime
{
    private TestCluster cluster = null!;

    public async Task InitializeAsync() => cluster = await TestCluster.StartAsync();

    public async Task DisposeAsync() => await cluster.DisposeAsync();

    [Theory]
    [InlineData(
        """{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: x}, spec: {rules: [{host: Bad_Host, http: {paths: [{path: /, backend: {service: {name: web, port: {number: 80}}}}]}}]}}""",
        "FieldValueInvalid spec.rules[0].host", "FieldValueRequired spec.rules[0].http.paths[0].pathType")]
    [InlineData(
        """{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: x}, spec: {rules: [{host: "*.*.example.com", http: {paths: [{path: rel, pathType: Exact, backend: {service: {name: web, port: {number: 80}}}}]}}]}}""",
        "FieldValueInvalid spec.rules[0].host", "FieldValueInvalid spec.rules[0].http.paths[0].path")]
    [InlineData("{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: x}, spec: {}}", "FieldValueInvalid spec")]
    [InlineData(
        """{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: x}, addressType: IPv4, endpoints: [{addresses: [127.0.0.1]}], ports: []}""",
        "FieldValueInvalid endpoints[0].addresses[0]")]
    [InlineData(
        """{apiVersion: v1, kind: Service, metadata: {name: x}, spec: {ports: [{port: 80}, {port: 81}]}}""",
        "FieldValueRequired spec.ports[0].name", "FieldValueRequired spec.ports[1].name")]
    public async Task An_invalid_object_is_refused_with_its_causes(string yaml, params string[] causes)
    {
        var (status, body) = await cluster.TryCreateAsync(yaml);
        Assert.Equal((422, "Invalid"), (status, (string?)body["reason"]));
        Assert.Equal(causes, body["details"]!["causes"]!.AsArray().Select(cause => $"{cause!["reason"]} {cause["field"]}"));
    }

    [Fact]
    public async Task A_Lease_cannot_be_taken_from_an_old_state_of_it()
    {
        await cluster.ApplyAsync("{apiVersion: coordination.k8s.io/v1, kind: Lease, metadata: {name: x}, spec: {holderIdentity: a, leaseDurationSeconds: 15}}");
        var lease = (await cluster.FindAsync("Lease", "x"))!;
        var old = lease.DeepClone().AsObject();
        lease["spec"]!["holderIdentity"] = "b";
        Assert.Equal(200, (await cluster.TryReplaceAsync(lease)).Status);
        old["spec"]!["holderIdentity"] = "c";
        var (status, body) = await cluster.TryReplaceAsync(old);
        Assert.Equal((409, "Conflict"), (status, (string?)body["reason"]));

        old["metadata"]!.AsObject().Remove("resourceVersion");
        Assert.Equal(422, (await cluster.TryReplaceAsync(old)).Status);
    }

    [Fact]
    public async Task A_name_is_given_once()
    {
        const string Secret = "{apiVersion: v1, kind: Secret, metadata: {name: x}, type: Opaque, stringData: {k: v}}";
        Assert.Equal(201, (await cluster.TryCreateAsync(Secret)).Status);
        var (status, body) = await cluster.TryCreateAsync(Secret);
        Assert.Equal((409, "AlreadyExists"), (status, (string?)body["reason"]));
    }
}
