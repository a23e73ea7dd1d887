using IngressController.Testing;
using IngressController.Testing.Clusters;

namespace IngressController.EndToEnd.Cluster;

/// <summary>The whole program over an API server: what is written to the cluster is how requests are answered.</summary>
public sealed class RoutesTests : IAsyncLifetime
{
    private TestCluster cluster = null!;
    private EchoBackend backend = null!;

    public async Task InitializeAsync()
    {
        cluster = await TestCluster.StartAsync();
        backend = await EchoBackend.StartAsync("first", address: OwnAddress.Value);
    }

    public async Task DisposeAsync()
    {
        await backend.DisposeAsync();
        await cluster.DisposeAsync();
    }

    [Fact]
    public async Task From_a_kubeconfig_to_an_answer()
    {
        await cluster.ApplyAsync(Web.Service("web", backend.Port) + Web.Ingress("a", cluster.Class, "a.example.com"));
        await using var controller = await cluster.RunAsync();
        Assert.StartsWith("200 ", await controller.AnswerAsync("a.example.com", "/hello?x=1"), StringComparison.Ordinal);
        Assert.Equal("/hello?x=1", backend.Single.Target);
    }

    [Fact]
    public async Task Routes_come_change_and_go()
    {
        await cluster.ApplyAsync(Web.Service("web", backend.Port));
        await using var controller = await cluster.RunAsync();
        Assert.StartsWith("404 ", await controller.AnswerAsync("a.example.com", "/"), StringComparison.Ordinal);

        await cluster.ApplyAsync(Web.Ingress("a", cluster.Class, "a.example.com"));
        await controller.AnswersAsync("a.example.com", "/", Web.IsOk);
        await cluster.ApplyAsync(Web.Ingress("a", cluster.Class, "changed.example.com"));
        await controller.AnswersAsync("changed.example.com", "/", Web.IsOk);
        await controller.AnswersAsync("a.example.com", "/", Web.IsNotFound);
        await cluster.DeleteAsync("Ingress", "a");
        await controller.AnswersAsync("changed.example.com", "/", Web.IsNotFound);
    }

    [Fact]
    public async Task Requests_follow_the_endpoints()
    {
        await using var second = await EchoBackend.StartAsync("second", address: OwnAddress.Value);
        await cluster.ApplyAsync(Web.Service("web", backend.Port) + Web.Ingress("a", cluster.Class, "a.example.com"));
        await using var controller = await cluster.RunAsync();
        await controller.AnswersAsync("a.example.com", "/", Web.IsFrom("first"));
        await cluster.ApplyAsync(Web.Service("web", second.Port));
        await controller.AnswersAsync("a.example.com", "/", Web.IsFrom("second"));
        await cluster.DeleteAsync("EndpointSlice", "web-1");
        await controller.AnswersAsync("a.example.com", "/", answer => answer.StartsWith("503 ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_default_backend_answers_what_no_rule_names()
    {
        await using var fallback = await EchoBackend.StartAsync("fallback", address: OwnAddress.Value);
        await cluster.ApplyAsync(Web.Service("fallback", fallback.Port));
        await using var controller = await cluster.RunAsync(flags: ["--default-backend-service", $"{cluster.Namespace}/fallback:80"]);
        await controller.AnswersAsync("nobody.example.com", "/", Web.IsFrom("fallback"));

        await cluster.ApplyAsync(Web.Service("web", backend.Port) + $$$$$"""
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: all}
            spec: {ingressClassName: {{{{{cluster.Class}}}}}, defaultBackend: {service: {name: web, port: {number: 80}}}}
            """);
        await controller.AnswersAsync("nobody.example.com", "/", Web.IsFrom("first"));
    }

    [Fact]
    public async Task Ours_is_what_names_our_class_and_nothing_else()
    {
        await cluster.ApplyAsync(Web.Service("web", backend.Port) + $$$$$"""
            {apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: {name: {{{{{cluster.Class}}}}}-other}, spec: {controller: example.com/other}}
            """);
        await using var controller = await cluster.RunAsync();
        await cluster.ApplyAsync(Web.Ingress("others", $"{cluster.Class}-other", "others.example.com"));
        await cluster.ApplyAsync(Web.Ingress("by-class", cluster.Class, "by-class.example.com"));
        await cluster.ApplyAsync(Web.Ingress("by-annotation", "x", "by-annotation.example.com").Replace("  ingressClassName: x\n", "", StringComparison.Ordinal)
            .Replace("{name: by-annotation}", $"{{name: by-annotation, annotations: {{kubernetes.io/ingress.class: {cluster.Class}}}}}", StringComparison.Ordinal));
        await controller.AnswersAsync("by-class.example.com", "/", Web.IsOk);
        await controller.AnswersAsync("by-annotation.example.com", "/", Web.IsOk);
        await controller.AnswersAsync("others.example.com", "/", Web.IsNotFound);

        await cluster.PatchAsync("Ingress", "others", $$$"""{"spec": {"ingressClassName": "{{{cluster.Class}}}"}}""");
        await controller.AnswersAsync("others.example.com", "/", Web.IsOk);
    }

    [Fact]
    public async Task The_default_class_is_given_to_an_Ingress_that_names_none()
    {
        await cluster.ApplyAsync(Web.Service("web", backend.Port));
        await using var controller = await cluster.RunAsync();
        await cluster.PatchAsync("IngressClass", cluster.Class, """{"metadata": {"annotations": {"ingressclass.kubernetes.io/is-default-class": "true"}}}""");
        await Eventually.TrueAsync( // admission has the news a moment later
            async () =>
            {
                await cluster.ApplyAsync(Web.Ingress("none", "x", "none.example.com").Replace("  ingressClassName: x\n", "", StringComparison.Ordinal));
                if ((string?)(await cluster.FindAsync("Ingress", "none"))!["spec"]!["ingressClassName"] == cluster.Class)
                {
                    return true;
                }

                await cluster.DeleteAsync("Ingress", "none");
                return false;
            },
            "the class is given");
        await controller.AnswersAsync("none.example.com", "/", Web.IsOk);
    }
}
