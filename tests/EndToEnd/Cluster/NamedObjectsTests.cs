using IngressController.Cluster;
using IngressController.Kubernetes.Watching;
using IngressController.Testing;
using IngressController.Testing.ApiServer;

namespace IngressController.EndToEnd.Cluster;

/// <summary>Objects that flags name are read outside the watched namespaces too, by a user who has Roles and nothing else.</summary>
public sealed class NamedObjectsTests : IDisposable
{
    private const string Everything = "{apiGroups: ['*'], resources: ['*'], verbs: ['*']}";
    private const string Front = "{apiGroups: [''], resources: [services], resourceNames: [front], verbs: [get, list, watch]}";
    private const string Fallback = "{apiGroups: [''], resources: [services], resourceNames: [fallback], verbs: [list, watch]}, {apiGroups: [discovery.k8s.io], resources: [endpointslices], verbs: [list, watch]}";
    private const string Certificate = "{apiGroups: [''], resources: [secrets], resourceNames: [tls], verbs: [list, watch]}";

    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task A_Role_for_the_one_object_is_enough()
    {
        await using var cluster = await StartAsync(Role("ingress", Front), Role("defaults", Fallback), Role("certificates", Certificate));
        await cluster.SyncedAsync();
        Assert.Equal(["defaults/fallback", "ingress/front", "shop/web"], cluster.Snapshot.Services.Keys.Order().Select(name => name.ToString()));
        Assert.Equal(["defaults/fallback-1", "shop/web-1"], cluster.Snapshot.EndpointSlices.Keys.Order().Select(name => name.ToString()));
        Assert.Equal(["certificates/tls"], cluster.Snapshot.Secrets.Keys.Select(name => name.ToString()));
        cluster.Server.Apply(Slice("defaults", "fallback", 2) + Slice("defaults", "other", 2));
        cluster.Server.Delete("Service", "ingress", "front");
        await cluster.BecomesAsync(() => cluster.Snapshot.EndpointSlices.Count == 3 && cluster.Snapshot.Services.Count == 2, "they are followed");
        Assert.DoesNotContain(cluster.Problems, problem => problem.Message.Contains("service", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_that_Role_the_rest_is_served_and_the_problem_names_the_rule()
    {
        await using var cluster = await StartAsync();
        await cluster.SyncedAsync();
        await cluster.BecomesAsync(() => cluster.Problems.Count >= 6, "the problems"); // also of what is in no namespace
        var problem = cluster.Problems.Single(problem => problem.Message.StartsWith("services \"front\" is forbidden", StringComparison.Ordinal));
        Assert.Equal(Severity.Warning, problem.Severity);
        Assert.Equal("Add to the rules of the Role in namespace ingress: - {apiGroups: [\"\"], resources: [services], resourceNames: [front], verbs: [get, list, watch]}", problem.Cure);
        cluster.Server.Apply(Role("ingress", Front));
        await cluster.BecomesAsync(() => cluster.Snapshot.Services.ContainsKey(new("ingress", "front")), "the rule helps");
    }

    [Fact]
    public async Task What_is_watched_anyhow_is_not_asked_for_twice()
    {
        await using var cluster = await ReadCluster.StartAsync(server => server.Apply(Objects), options: new() { Services = [new("ingress", "front")], Backends = [new("shop", "web")] });
        await cluster.SyncedAsync();
        Assert.Equal(1, cluster.Server.Count("list", "services"));
    }

    [Fact]
    public async Task The_program_publishes_a_Service_outside_the_watched_namespaces()
    {
        await using var server = await FakeApiServer.StartAsync();
        server.Apply(Objects + Role("shop", Everything) + Role("ingress", Front + ", {apiGroups: [coordination.k8s.io], resources: [leases], verbs: [get, create, update]}") + """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: web, namespace: shop, annotations: {kubernetes.io/ingress.class: yarp}}
            spec: {defaultBackend: {service: {name: web, port: {number: 80}}}}
            """);
        server.AddToken("limited", "limited");
        directory.Write("config", server.Kubeconfig("limited"));
        await using var controller = await ControllerProcess.OfAsync(RunningProgram.Start(
            ControllerProcess.File,
            [
                "--kubeconfig", directory.File("config"), "--bind-address", "127.0.0.1", "--http-port", "0", "--https-port", "0", "--admin-port", "0", "--watch-namespace", "shop",
                "--publish-service", "ingress/front", "--pod-name", "pod-a", "--pod-namespace", "ingress",
            ]));
        await Eventually.TrueAsync(
            () => (string?)server.Find("Ingress", "shop", "web")!["status"]?["loadBalancer"]?["ingress"]?[0]?["ip"] == "203.0.113.5", "the Ingress shows the Service's address");
    }

    private static Task<ReadCluster> StartAsync(params string[] roles) => ReadCluster.StartAsync(
        server =>
        {
            server.Apply(Objects + Role("shop", Everything) + string.Concat(roles));
            server.AddToken("limited", "limited");
        },
        kubeconfig: server => server.Kubeconfig("limited"),
        options: new ReadingOptions { Namespaces = ["shop"], Services = [new("ingress", "front")], Backends = [new("defaults", "fallback")], Secrets = [new("certificates", "tls")] });

    private static string Objects { get; } = $$$$"""
        {apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {ports: [{port: 80}]}}
        ---
        {apiVersion: v1, kind: Service, metadata: {name: front, namespace: ingress}, spec: {type: LoadBalancer, ports: [{port: 80}]}, status: {loadBalancer: {ingress: [{ip: 203.0.113.5}]}}}
        ---
        {apiVersion: v1, kind: Service, metadata: {name: fallback, namespace: defaults}, spec: {ports: [{port: 80}]}}
        ---
        {apiVersion: v1, kind: Service, metadata: {name: other, namespace: defaults}, spec: {ports: [{port: 80}]}}
        ---
        {apiVersion: v1, kind: Secret, metadata: {name: tls, namespace: certificates}, type: Opaque}
        ---
        {{{{Slice("shop", "web", 1)}}}}{{{{Slice("defaults", "fallback", 1)}}}}{{{{Slice("defaults", "other", 1)}}}}
        """;

    private static string Slice(string space, string service, int number) =>
        $"{{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {{name: {service}-{number}, namespace: {space}, labels: {{kubernetes.io/service-name: {service}}}}}, addressType: IPv4, endpoints: []}}\n---\n";

    private static string Role(string space, string rules) => $$$"""
        {apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: reader, namespace: {{{space}}} }, rules: [{{{rules}}}]}
        ---
        {apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: reader, namespace: {{{space}}} }, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}, subjects: [{kind: User, name: limited}]}
        ---

        """;
}
