using IngressController.Testing;
using IngressController.Testing.ApiServer;

namespace IngressController.EndToEnd.Cluster;

/// <summary>The whole program over an API server with TLS.</summary>
public sealed class RunTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Traffic_goes_on_when_the_api_server_is_away()
    {
        await using var server = await FakeApiServer.StartAsync(tls: true);
        await using var backend = await EchoBackend.StartAsync(address: OwnAddress.Value);
        directory.Write("config", server.Kubeconfig());
        server.Apply(WebCluster.Objects(backend.Port));
        await using var program = RunningProgram.Start(
            ControllerProcess.File, ["--kubeconfig", directory.File("config"), "--bind-address", "127.0.0.1", "--http-port", "0", "--https-port", "0", "--admin-port", "0"]);
        await using var controller = await ControllerProcess.OfAsync(program);

        await server.StopListeningAsync();
        await program.SaysAsync("ApiUnreachable");
        Assert.StartsWith("200 ", await controller.AnswerAsync("a.example.com", "/still"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_reads_a_cluster_once()
    {
        await using var server = await FakeApiServer.StartAsync(tls: true);
        directory.Write("config", server.Kubeconfig());
        server.Apply(ReadCluster.Ingress("a"));
        server.Apply(WebCluster.Class);
        var (exitCode, output, errors) = await ControllerProcess.RunAsync("check", "--kubeconfig", directory.File("config"));
        Assert.Equal((1, ""), (exitCode, errors));
        Assert.Contains("error ServiceNotFound: Ingress default/a", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://a.example.com/", "503: Ingress default/a, spec.rules[0].http.paths[0]: Service default/web does not exist", "error ServiceNotFound: Ingress default/a")]
    [InlineData("http://b.example.com/", "404: no rule names this host, there is no rule without a host, and there is no default backend; Ingress default/b could answer and is not served: it has the class lost, which does not exist", "warning IngressClassNotFound: Ingress default/b")]
    [InlineData("https://a.example.com/", "503: ", "error AcmeRefused: Ingress default/a spec.tls[0]: no certificate is ordered for Secret default/kept: a.example.com")]
    public async Task Explain_reads_a_cluster_once(string url, string answer, string problem)
    {
        await using var server = await FakeApiServer.StartAsync(tls: true);
        directory.Write("config", server.Kubeconfig());
        server.Apply(WebCluster.Class);
        server.Apply(Web.Ingress("a", "yarp", "a.example.com").Replace("{name: a}", "{name: a, annotations: {kubernetes.io/tls-acme: \"true\"}}", StringComparison.Ordinal)
            .Replace("  rules:", "  tls: [{hosts: [a.example.com], secretName: kept}]\n  rules:", StringComparison.Ordinal));
        server.Apply(Web.Ingress("b", "lost", "b.example.com"));
        var (exitCode, output, errors) = await ControllerProcess.RunAsync("explain", url, "--kubeconfig", directory.File("config"), "--ssl-redirect", "false", "--acme-email", "ops@example.com", "--acme-allowed-domain", "example.org");
        Assert.Equal((0, ""), (exitCode, errors));
        Assert.Contains($"\nanswer   {answer}", output, StringComparison.Ordinal);
        Assert.Contains($"\n     {problem}", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_says_first_that_a_cluster_could_not_be_read()
    {
        await using var server = await FakeApiServer.StartAsync(tls: true);
        directory.Write("config", server.Kubeconfig().Replace(FakeApiServer.AdminToken, "no-token-of-theirs", StringComparison.Ordinal));
        var (exitCode, _, errors) = await ControllerProcess.RunAsync("explain", "http://a.example.com/", "--kubeconfig", directory.File("config"));
        Assert.Equal(1, exitCode);
        Assert.Contains("; what follows leaves that out", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_of_a_cluster_knows_the_Secrets_of_the_controller_by_its_namespace()
    {
        await using var server = await FakeApiServer.StartAsync(tls: true);
        directory.Write("config", server.Kubeconfig());
        server.Apply(WebCluster.Class);
        server.Apply(Web.Ingress("a", "yarp", "a.example.com").Replace("{name: a}", "{name: a, annotations: {kubernetes.io/tls-acme: \"true\"}}", StringComparison.Ordinal)
            .Replace("  rules:", "  tls: [{hosts: [a.example.com], secretName: kept}]\n  rules:", StringComparison.Ordinal));
        server.Apply("""
            {apiVersion: v1, kind: Secret, type: Opaque, metadata: {name: kept, annotations: {yarp.ingress.kubernetes.io/acme-owner: yarp/ingress/ingress-controller}}}
            """);
        string[] check = ["check", "--kubeconfig", directory.File("config"), "--acme-email", "ops@example.com"];
        Assert.DoesNotContain("AcmeRefused", (await ControllerProcess.RunAsync([.. check, "--pod-namespace", "ingress"])).Output, StringComparison.Ordinal);
        Assert.Contains(
            "error AcmeRefused: Ingress default/a spec.tls[0]: no certificate is ordered for Secret default/kept: it exists, and yarp/ingress/ingress-controller made it",
            (await ControllerProcess.RunAsync(check)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_of_some_namespaces_reads_them_whole_and_says_what_it_could_not_read()
    {
        await using var server = await FakeApiServer.StartAsync();
        server.Delay(TimeSpan.FromMilliseconds(20));
        server.Apply("""
            {apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: web, namespace: shop, annotations: {kubernetes.io/ingress.class: yarp, one: s, two: c}}, spec: {defaultBackend: {service: {name: web, port: {number: 80}}}, tls: [{secretName: s}]}}
            ---
            {apiVersion: v1, kind: Secret, metadata: {name: s, namespace: shop}, type: Opaque}
            ---
            {apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace: shop}}
            ---
            {apiVersion: v1, kind: Service, metadata: {name: other, namespace: elsewhere}, spec: {ports: [{port: 80}]}}
            ---
            {apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: r, namespace: shop}, rules: [{apiGroups: ['*'], resources: ['*'], verbs: ['*']}]}
            ---
            {apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: r, namespace: shop}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: r}, subjects: [{kind: User, name: limited}]}
            """);
        server.AddToken("limited", "limited");
        directory.Write("config", server.Kubeconfig("limited"));
        var (_, output, errors) = await ControllerProcess.RunAsync("check", "--kubeconfig", directory.File("config"), "--watch-namespace", "shop");
        Assert.Equal("", errors);
        Assert.Contains("objects: 1 Ingress, 1 Secret, 1 ConfigMap\n", output, StringComparison.Ordinal);
        Assert.Contains("ApiForbidden: namespaces \"shop\" is forbidden", output, StringComparison.Ordinal);
        Assert.Contains("ApiForbidden: ingressclasses.networking.k8s.io is forbidden", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_says_why_a_cluster_cannot_be_read()
    {
        await using var server = await FakeApiServer.StartAsync(tls: true);
        directory.Write("config", server.Kubeconfig("wrong"));
        var (exitCode, output, _) = await ControllerProcess.RunAsync("check", "--kubeconfig", directory.File("config"));
        Assert.Equal(1, exitCode);
        Assert.Contains("does not accept who we are: Unauthorized", output, StringComparison.Ordinal);
    }
}
