using System.Text.Json.Nodes;
using IngressController.EndToEnd.Cluster;
using IngressController.Certificates.Acme;
using IngressController.Testing;
using IngressController.Testing.Acme;
using IngressController.Testing.ApiServer;
using IngressController.Testing.Clusters;

namespace IngressController.EndToEnd.Chart;

/// <summary>
/// The program as the chart runs it, with the ServiceAccount and the roles of the chart: they are enough for all that it does, and nothing in them is there in vain.
/// </summary>
public sealed class LeastPrivilegeTests : IAsyncLifetime
{
    private const string Release = "edge-ingress-controller";

    private TestCluster cluster = null!;
    private EchoBackend backend = null!;

    public async Task InitializeAsync()
    {
        cluster = await TestCluster.StartAsync();
        backend = await EchoBackend.StartAsync(address: OwnAddress.Value);
    }

    public async Task DisposeAsync()
    {
        await backend.DisposeAsync();
        await cluster.DisposeAsync();
    }

    [Fact]
    public async Task Of_the_whole_cluster()
    {
        var shop = await cluster.AddNamespaceAsync("shop");
        await AssertRightsAsync(await RenderAsync(), shop);
    }

    [Fact]
    public async Task Of_some_namespaces_with_that_of_the_release()
    {
        var shop = await cluster.AddNamespaceAsync("shop");
        await AssertRightsAsync(await RenderAsync("--set", $"controller.watchNamespaces={{{cluster.Namespace},{shop}}}"), shop);
    }

    [Fact]
    public async Task Of_some_namespaces_without_that_of_the_release_and_of_the_default_backend()
    {
        var (shop, other) = (await cluster.AddNamespaceAsync("shop"), await cluster.AddNamespaceAsync("other"));
        await cluster.ApplyAsync(In(other, Web.Service("fallback", backend.Port)));
        await AssertRightsAsync(await RenderAsync("--set", $"controller.watchNamespaces={{{shop}}},controller.defaultBackendService={other}/fallback:80"), shop);
    }

    [Fact]
    public async Task Of_the_whole_cluster_with_certificates_that_are_obtained()
    {
        var shop = await cluster.AddNamespaceAsync("shop");
        await AssertRightsToObtainAsync("", shop);
    }

    [Fact]
    public async Task Of_two_namespaces_with_certificates_that_are_obtained()
    {
        var (shop, blog) = (await cluster.AddNamespaceAsync("shop"), await cluster.AddNamespaceAsync("blog"));
        await AssertRightsToObtainAsync($",controller.watchNamespaces={{{shop},{blog}}}", shop, blog);
    }

    private async Task AssertRightsToObtainAsync(string values, params string[] namespaces)
    {
        await using var authority = await FakeAcme.StartAsync(new() { SkipsValidation = true });
        using var files = new TemporaryDirectory();
        files.Write("default/ca", authority.CaBundle);
        var rendering = await RenderAsync("--set", $"acme.directory={authority.Directory},acme.caBundle.configMap=ca{values}");
        await AssertRightsAsync(rendering, namespaces[0], files.Path, () => Task.WhenAll(namespaces.Select(IsObtainedAndReplacedAsync)));
    }

    /// <summary>A certificate, and another one instead of it.</summary>
    private async Task IsObtainedAndReplacedAsync(string @namespace)
    {
        var host = $"secure.{@namespace}.example.com";
        var ingress = Web.Ingress("secure", cluster.Class, host).Replace("{name: secure}", $"{{name: secure, annotations: {{{AcmeAnnotations.Wanted}: \"true\"}}}}", StringComparison.Ordinal)
            .Replace("  rules:", $"  tls: [{{hosts: [{host}], secretName: secure}}]\n  rules:", StringComparison.Ordinal);
        await cluster.ApplyAsync(In(@namespace, ingress));
        var first = "";
        await Eventually.TrueAsync(async () => (first = await SerialAsync()).Length > 0, "a certificate");
        await cluster.PatchAsync("Secret", "secure", $$$$"""{"metadata": {"annotations": {"{{{{AcmeAnnotations.Revoke}}}}": "superseded"}}}""", @namespace);
        await Eventually.TrueAsync(async () => await SerialAsync() is { Length: > 0 } serial && serial != first, "another certificate");

        async Task<string> SerialAsync() => (string?)(await cluster.FindAsync("Secret", "secure", @namespace))?["metadata"]?["annotations"]?[AcmeAnnotations.Serial] ?? "";
    }

    /// <summary>Helm as people run it, but with a class of this test's, and services that no cloud serves.</summary>
    private Task<Rendering> RenderAsync(params string[] more) => Helm.TemplateAsync(
    [
        "--namespace", cluster.Namespace, "--set", $"ingressClass.name={cluster.Class},ingressClass.controllerName={cluster.Controller}",
        "--set", "service.loadBalancerClass=ingress-test.example.com/nobody,service.allocateLoadBalancerNodePorts=false,shutdown.delaySeconds=0", .. more,
    ]);

    /// <param name="acmeFiles">Instead of what is mounted for ACME.</param>
    /// <param name="more">Happens while the program leads.</param>
    private async Task AssertRightsAsync(Rendering rendering, string shop, string acmeFiles = "", Func<Task>? more = null)
    {
        foreach (var item in rendering.Objects.Where(item => (string)item["kind"]! is not ("Deployment" or "PodDisruptionBudget")))
        {
            await cluster.ApplyAsync(item.DeepClone().AsObject());
        }

        await cluster.PatchStatusAsync("Service", Release, """{"loadBalancer": {"ingress": [{"ip": "203.0.113.5"}]}}""");
        await cluster.ApplyAsync(In(shop, Web.Service("web", backend.Port) + Web.Ingress("web", cluster.Class, "a.example.com") + Web.Ingress("wrong", cluster.Class, "wrong.example.com", "none")));
        var kubeconfig = await cluster.KubeconfigOfAsync((string)rendering.Pod()["serviceAccountName"]!);
        var said = await LeadAsync(rendering, kubeconfig, acmeFiles, async controller =>
        {
            await (more?.Invoke() ?? Task.CompletedTask);
            await controller.AnswersAsync("a.example.com", "/", Web.IsOk);
            await ShowsAsync(shop, "203.0.113.5");
            await Eventually.TrueAsync(async () => (await cluster.AllAsync("Event", shop)).Any(item => (string?)item["reason"] == "ServiceNotFound"), "an Event");
            await cluster.ApplyAsync($$$"""
                {apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: {name: {{{cluster.Class}}}-other}, spec: {controller: example.com/other}}
                """);
            await cluster.PatchAsync("Ingress", "web", $$$"""{"spec": {"ingressClassName": "{{{cluster.Class}}}-other"}}""", shop);
            await ShowsAsync(shop, null);
        });
        said += await LeadAsync(rendering, kubeconfig, acmeFiles, _ => Eventually.TrueAsync(
            async () => (await cluster.AllAsync("Event", shop)).Any(item => (int?)item["series"]?["count"] > 1), "the next leader goes on with the Event of the first"));
        Assert.DoesNotContain("forbidden", said, StringComparison.OrdinalIgnoreCase);
        if (cluster.Fake is { } fake)
        {
            var requests = fake.Requests.Where(request => request.User.StartsWith($"system:serviceaccount:{cluster.Namespace}:", StringComparison.Ordinal)).ToList();
            Assert.NotEmpty(requests);
            // What the Roles of several namespaces have in common is used in one of them.
            var rights = Rights(rendering).GroupBy(right => right with { Namespace = null });
            Assert.DoesNotContain(rights, same => !same.Any(right => requests.Any(right.IsUsedBy)));
        }
    }

    /// <summary>Runs the command line of the rendered pods, on ports of this machine, until it has led and been stopped.</summary>
    /// <returns>What it said.</returns>
    private static async Task<string> LeadAsync(Rendering rendering, string kubeconfig, string acmeFiles, Func<ControllerProcess, Task> story)
    {
        var arguments = rendering.Arguments().Select(argument => argument switch
        {
            "--http-port=8080" => "--http-port=0",
            "--https-port=8443" => "--https-port=0",
            "--admin-port=9090" => "--admin-port=0",
            "--log-format=json" => "--log-format=console",
            _ => argument.Replace("/etc/ingress-controller/acme", acmeFiles, StringComparison.Ordinal),
        });
        var @namespace = (string)rendering.One("ServiceAccount")["metadata"]!["namespace"]!;
        await using var controller = await ControllerProcess.OfAsync(RunningProgram.Start(
            ControllerProcess.File, [.. arguments, "--bind-address=127.0.0.1", "--kubeconfig", kubeconfig, "--pod-name=pod", $"--pod-namespace={@namespace}"]));
        await story(controller);
        await controller.Program.SignalAsync("TERM");
        Assert.Equal(0, await controller.Program.ExitCodeAsync());
        return controller.Program.Errors;
    }

    private Task ShowsAsync(string shop, string? address) => Eventually.TrueAsync(
        async () => (string?)(await cluster.FindAsync("Ingress", "web", shop))!["status"]?["loadBalancer"]?["ingress"]?[0]?["ip"] == address, $"the address {address}");

    private static string In(string @namespace, string yaml) => yaml.Replace("metadata: {", $"metadata: {{namespace: {@namespace}, ", StringComparison.Ordinal);

    private static IEnumerable<Right> Rights(Rendering rendering) =>
        from role in rendering.All("ClusterRole").Concat(rendering.All("Role"))
        from rule in role["rules"]!.AsArray()
        from resource in rule!["resources"]!.AsArray()
        from verb in rule["verbs"]!.AsArray()
        from name in rule["resourceNames"] is JsonArray names ? names.Select(name => (string?)name) : [null]
        select new Right((string?)role["metadata"]!["namespace"], (string)verb!, (string)resource!, name);

    /// <param name="Namespace">Null: in the whole cluster.</param>
    /// <param name="Name">Null: of any name.</param>
    private sealed record Right(string? Namespace, string Verb, string Resource, string? Name)
    {
        public bool IsUsedBy(ObservedRequest request) =>
            request.Verb == Verb && request.Resource == Resource && (Namespace is null || request.Namespace == Namespace) && (Name is null || request.Name == Name);
    }
}
