using System.Globalization;
using System.Text.Json.Nodes;
using IngressController.Testing;

namespace IngressController.EndToEnd.Dashboard;

/// <summary>Who may look, tried from loopback and from an address of this machine that is not loopback.</summary>
public sealed class AccessTests
{
    private const string Everywhere = "0.0.0.0";
    private const string Token = "correct-horse-battery-staple";

    private static readonly string[] Open = ["/livez", "/readyz"];

    [Fact]
    public async Task From_elsewhere_only_probes_and_metrics_are_open_and_the_refusal_says_how_to_open_the_rest()
    {
        await using var world = await DashboardWorld.StartAsync(address: Everywhere);
        foreach (var path in Open)
        {
            Assert.Equal(200, (await world.AnswerAsync(path, world.Outside)).Status);
        }

        foreach (var path in new[] { "/", "/api/overview", "/API/overview", "/api/", "/api/hosts/shop.test", "/api/tail", "/anything" })
        {
            var (status, body) = await world.AnswerAsync(path, world.Outside);
            Assert.Equal(403, status);
            Assert.Contains("--admin-token-file", (string)JsonNode.Parse(body)!["error"]!, StringComparison.Ordinal);
        }

        Assert.Equal(200, (await world.AnswerAsync("/api/overview")).Status);
    }

    [Fact]
    public async Task Who_has_the_token_may_look_and_the_token_may_change()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("token", $"{Token}\n");
        await using var world = await DashboardWorld.StartAsync(null, Everywhere, "--admin-token-file", directory.File("token"));
        Assert.Equal(401, (await world.AnswerAsync("/api/overview", world.Outside)).Status);
        foreach (var wrong in new[] { "wrong", Token + "x", Token[1..], Token.ToUpperInvariant() })
        {
            Assert.Equal(401, (await world.AnswerAsync("/api/overview", world.Outside, wrong)).Status);
        }

        using (var refused = await world.SendAsync("/api/overview", world.Outside))
        {
            Assert.Equal("Bearer", refused.Headers.WwwAuthenticate.Single().Scheme);
        }

        Assert.Equal(200, (await world.AnswerAsync("/api/overview", world.Outside, Token)).Status);
        Assert.Equal(200, (await world.AnswerAsync("/api/overview")).Status); // loopback needs none
        Assert.NotEqual(403, (await world.AnswerAsync("/", world.Outside)).Status); // the page asks for the token, and has nothing to hide

        directory.Write("token", "another-token-of-some-length\n");
        await Eventually.TrueAsync(async () => (await world.AnswerAsync("/api/overview", world.Outside, "another-token-of-some-length")).Status == 200, "the new token is taken");
        Assert.Equal(401, (await world.AnswerAsync("/api/overview", world.Outside, Token)).Status);
        File.Delete(directory.File("token"));
        await Eventually.TrueAsync(async () => (await world.AnswerAsync("/api/overview", world.Outside, "another-token-of-some-length")).Status == 401, "nobody has the token");
        await world.Controller.Program.SaysAsync("cannot be read, so nobody has it");
    }

    [Fact]
    public async Task The_operator_may_leave_it_to_the_network()
    {
        await using var world = await DashboardWorld.StartAsync(null, Everywhere, "--admin-allow-remote");
        Assert.Equal(200, (await world.AnswerAsync("/api/overview", world.Outside)).Status);
    }

    /// <summary>DNS rebinding: the page's own name leads to our address.</summary>
    [Theory]
    [InlineData("evil.example", 403)]
    [InlineData("evil.example:9090", 403)]
    [InlineData("127.0.0.1.nip.example", 403)]
    [InlineData("127.0.0.1", 200)]
    [InlineData("localhost:9090", 200)]
    [InlineData("x.localhost", 200)]
    [InlineData("[::1]:9090", 200)]
    [InlineData("ingress-controller", 200)]
    [InlineData("ingress-controller.ingress.svc", 200)]
    [InlineData("ingress-controller.ingress.svc.cluster.local:9090", 200)]
    [InlineData("localhost.evil.example", 403)]
    public async Task A_name_that_somebody_else_can_have_is_refused(string host, int expected)
    {
        await using var world = await DashboardWorld.StartAsync();
        Assert.Equal(expected, (await world.AnswerAsync("/api/overview", headers: ("Host", host))).Status);
        Assert.Equal(200, (await world.AnswerAsync("/readyz", headers: ("Host", host))).Status); // probes have any name
    }

    [Theory]
    [InlineData("X-Forwarded-For", "127.0.0.1")]
    [InlineData("Forwarded", "for=127.0.0.1")]
    [InlineData("Via", "1.1 proxy")]
    public async Task What_a_proxy_brings_to_loopback_comes_from_elsewhere(string name, string value)
    {
        await using var world = await DashboardWorld.StartAsync();
        Assert.Equal(403, (await world.AnswerAsync("/api/overview", headers: (name, value))).Status);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    [InlineData("PATCH")]
    public async Task Nothing_can_be_changed(string method)
    {
        await using var world = await DashboardWorld.StartAsync();
        foreach (var path in new[] { "/api/overview", "/", "/livez" })
        {
            using var response = await world.SendAsync(path, method: method);
            Assert.Equal(405, (int)response.StatusCode);
            Assert.Equal(["GET", "HEAD"], response.Content.Headers.Allow);
        }
    }

    [Fact]
    public async Task Every_answer_has_the_headers_that_harden_a_page()
    {
        await using var world = await DashboardWorld.StartAsync();
        foreach (var target in new[] { "/api/overview", "/api/nothing", "/api/hosts?limit=x", "/livez", "/api/events" })
        {
            using var response = await world.SendAsync(target);
            string Header(string name) => string.Join(", ", response.Headers.GetValues(name));
            Assert.Equal("nosniff", Header("X-Content-Type-Options"));
            Assert.Equal("no-referrer", Header("Referrer-Policy"));
            Assert.Equal("no-store", Header("Cache-Control"));
            Assert.Contains("frame-ancestors 'none'", Header("Content-Security-Policy"), StringComparison.Ordinal);
            Assert.Contains("script-src 'self';", Header("Content-Security-Policy"), StringComparison.Ordinal);
            Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
            Assert.False(response.Headers.Contains("Server"));
        }
    }

    [Fact]
    public async Task HEAD_answers_as_GET_without_the_body()
    {
        await using var world = await DashboardWorld.StartAsync();
        foreach (var target in new[] { "/api/overview", "/api/openapi.json", "/api/tail", "/api/events" })
        {
            var (status, body) = await world.AnswerAsync(target, method: "HEAD");
            Assert.Equal((200, ""), (status, body));
        }
    }

    [Fact]
    public async Task Secrets_and_keys_never_leave()
    {
        await using var world = await DashboardWorld.StartAsync(world => world.Write("broken", world.Certificate.Secret("broken", "no key at all but secret words")));
        world.Write("broken-ingress", DashboardWorld.Ingress("broken", "broken.test", "/", "web", "[{ hosts: [broken.test], secretName: broken }]"));
        await Eventually.TrueAsync(async () => (await world.AnswerAsync("/api/hosts/broken.test")).Status == 200, "the Ingress with the broken Secret");
        var paths = (await world.GetAsync("/api/openapi.json"))["paths"]!.AsObject().Select(path => path.Key).Where(path => path is not ("/api/tail" or "/api/events"));
        var key = world.Certificate.KeyPem.Split('\n').Where(line => line.Length > 20 && !line.StartsWith('-')).Append("secret words").Append("-----BEGIN").ToList();
        foreach (var path in paths)
        {
            foreach (var host in new[] { "shop.test", "broken.test" })
            {
                var target = path.Replace("{host}", host, StringComparison.Ordinal) + (path == "/api/explain" ? $"?url=https://{host}/" : "");
                var (status, body) = await world.AnswerAsync(target);
                Assert.Equal(200, status);
                Assert.All(key, part => Assert.DoesNotContain(part, body, StringComparison.OrdinalIgnoreCase));
            }
        }
    }

    [Theory]
    [InlineData("", "is empty, or a pipe or a device, which cannot be read again and again")]
    [InlineData("short", "holds no token of at least 16 visible characters")]
    [InlineData("with a space in the middle", "holds no token of at least 16 visible characters")]
    public async Task A_file_without_a_good_token_is_an_error_of_use(string text, string error)
    {
        using var directory = new TemporaryDirectory();
        directory.Write("token", text);
        var (exitCode, _, errors) = await ControllerProcess.RunAsync("--manifests", directory.Path, "--admin-token-file", directory.File("token"));
        Assert.Equal((2, string.Create(CultureInfo.InvariantCulture, $"ingress-controller: --admin-token-file: '{directory.File("token")}' {error}\n")), (exitCode, errors));
    }
}
