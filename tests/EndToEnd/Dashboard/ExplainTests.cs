using System.Text.Json.Nodes;
using IngressController.Testing;

namespace IngressController.EndToEnd.Dashboard;

/// <summary>Why a request is answered as it is, as the API tells it.</summary>
public sealed class ExplainTests
{
    private const string Passing =
        """
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: { name: pass, annotations: { nginx.ingress.kubernetes.io/ssl-passthrough: "true" } }
        spec:
          ingressClassName: yarp
          tls: [{ hosts: [pass.test], secretName: certificate }]
          rules:
            - host: pass.test
              http:
                paths:
                  - { path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }
                  - { path: /dead, pathType: Prefix, backend: { service: { name: dead, port: { number: 80 } } } }
        """;

    [Fact]
    public async Task Explain_says_what_the_proxy_does()
    {
        await using var world = await DashboardWorld.StartAsync();
        var forwarded = await world.GetAsync("/api/explain?url=http://shop.test/cart");
        Assert.Equal("forwarded", (string)forwarded["answer"]!["kind"]!);
        Assert.Equal("default/web:80", (string)forwarded["answer"]!["service"]!);
        Assert.Equal(["target", "host", "path", "https", "client certificate", "backend"], forwarded["steps"]!.AsArray().Select(step => (string)step!["step"]!));
        var missing = await world.GetAsync("/api/explain?url=http://gone.test/new&header=X-A:%20b");
        Assert.Equal(404, (int)missing["answer"]!["status"]!);
        Assert.Equal(["passed", "matched", "refused", "skipped", "skipped", "skipped"], missing["steps"]!.AsArray().Select(step => (string)step!["verdict"]!));
        Assert.Equal("404", (await world.Controller.AnswerAsync("gone.test", "/new"))[..3]);
        Assert.Equal(503, (int)(await world.GetAsync("/api/explain?url=http://other.test/old&header=Host:%20gone.test"))["answer"]!["status"]!);
    }

    [Theory]
    [InlineData("http://refused.test/", "default/refused", "Invalid", "Required value: pathType must be specified")]
    [InlineData("http://theirs.test/", "default/theirs", "IngressClassNotFound", "there is no IngressClass nginx")]
    public async Task Explain_names_the_Ingress_that_could_answer_and_is_not_served(string url, string ingress, string code, string message)
    {
        await using var world = await DashboardWorld.StartAsync(CommandLineTests.Unserved);
        var explained = await world.GetAsync($"/api/explain?url={url}");
        Assert.Equal(404, (int)explained["answer"]!["status"]!);
        Assert.Contains($"Ingress {ingress} could answer and is not served: ", (string)explained["answer"]!["text"]!, StringComparison.Ordinal);
        Assert.Contains(explained["steps"]![1]!["candidates"]!.AsArray(), candidate => (string)candidate!["ingresses"]!.AsArray().FirstOrDefault()! == ingress && ((string)candidate["why"]!).StartsWith("is not served: ", StringComparison.Ordinal));
        var problem = Assert.Single(explained["problems"]!.AsArray())!;
        Assert.Equal((code, ingress), ((string)problem["code"]!, $"{problem["object"]!["namespace"]}/{problem["object"]!["name"]}"));
        Assert.StartsWith(message, (string)problem["message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_of_https_names_the_certificate_that_is_served_and_why_it_is_not_the_one_that_was_meant()
    {
        await using var world = await DashboardWorld.StartAsync(CommandLineTests.Unserved);
        var missing = await world.GetAsync("/api/explain?url=https://missing.test/");
        Assert.Equal("the client speaks TLS, and is shown the self-signed certificate, which the program makes", (string)missing["steps"]![3]!["text"]!);
        Assert.Equal("spec.tls[0]; the Secret does not exist", (string)missing["steps"]![3]!["candidates"]![0]!["why"]!);
        Assert.Null(missing["answer"]!["certificate"]);
        Assert.Equal("CertificateMissing", (string)Assert.Single(missing["problems"]!.AsArray())!["code"]!);
        var shown = await world.GetAsync("/api/explain?url=https://shop.test/");
        Assert.Equal("default/certificate", (string)shown["answer"]!["certificate"]!);
        Assert.Empty(shown["problems"]!.AsArray());
    }

    /// <summary>The path has a backend of its own, and the connection goes to that of <c>/</c>.</summary>
    [Fact]
    public async Task Explain_of_a_host_that_is_passed_through_tells_of_the_one_backend_that_answers()
    {
        await using var world = await DashboardWorld.StartAsync(world => world.Write("pass", Passing));
        var answer = (await world.GetAsync("/api/explain?url=https://pass.test/dead"))["answer"]!;
        Assert.Equal(("passedThrough", "default/web:80"), ((string)answer["kind"]!, (string)answer["service"]!));
        Assert.Equal([world.Backend.Destination.ToString()], answer["destinations"]!.AsArray().Select(destination => (string)destination!));
        Assert.Null(answer["ingress"]);
        Assert.Null(answer["certificate"]);
    }
}
