using System.Text.RegularExpressions;
using IngressController.Testing;

namespace IngressController.EndToEnd.Tls;

public sealed class RedirectTests(RedirectTests.Hosts hosts) : IClassFixture<RedirectTests.Hosts>
{
    [Theory]
    [InlineData("a.test", "/", "https://a.test:9443/")]
    [InlineData("a.test:8080", "/cart", "https://a.test:9443/cart")]
    [InlineData("A.Test.", "/?", "https://A.Test:9443/?")]
    [InlineData("a.test", "/a%2Fb//c/;x=%7e?y=/../&z=%00'\"<>", "https://a.test:9443/a%2Fb//c/;x=%7e?y=/../&z=%00'\"<>")]
    [InlineData("a.test", "//evil.test/", "https://a.test:9443//evil.test/")]
    [InlineData("a.test", "http://a.test/absolute?x", "https://a.test:9443/absolute?x")]
    [InlineData("x.wild.test", "/", "https://x.wild.test:9443/")]
    [InlineData("force.test", "/", "https://force.test:9443/")]
    [InlineData("pass.test", "/", "https://pass.test:9443/")]
    [InlineData("path.test", "/nobody-answers-this", "https://path.test:9443/nobody-answers-this")]
    [InlineData("a.test", "/.well-known/acme-challenge/", "https://a.test:9443/.well-known/acme-challenge/")]
    [InlineData("a.test", "/.well-known/acme-challenge/../../admin", "https://a.test:9443/.well-known/acme-challenge/../../admin")]
    [InlineData("a.test", "/.well-known/acme-challenge/%2e%2e/admin", "https://a.test:9443/.well-known/acme-challenge/%2e%2e/admin")]
    public async Task A_request_in_cleartext_for_a_host_with_tls_is_sent_to_https_as_it_is(string host, string target, string location)
    {
        var answer = await hosts.World.GetRawAsync(host, target, "X-Forwarded-Proto: https\r\nX-Forwarded-Host: evil.test\r\n");
        Assert.StartsWith("HTTP/1.1 308 ", answer, StringComparison.Ordinal);
        Assert.Equal(location, Regex.Match(answer, "(?m)^Location: (.*)\r$").Groups[1].Value);
    }

    [Theory]
    [InlineData("plain.test", "/", 200)]
    [InlineData("never.test", "/", 200)]
    [InlineData("wild.test", "/", 404)]
    [InlineData("x.y.wild.test", "/", 404)]
    [InlineData("nobody.test", "/", 404)]
    [InlineData("a.test", "/%zz", 400)]
    [InlineData("a.test", "/.well-known/acme-challenge/AbC-_9", 200)]
    public async Task Others_are_answered_where_they_are(string host, string target, int status) =>
        Assert.StartsWith($"HTTP/1.1 {status} ", await hosts.World.GetRawAsync(host, target), StringComparison.Ordinal);

    [Theory]
    [InlineData("HEAD", "")]
    [InlineData("POST", "Content-Length: 3\r\n\r\nabc")]
    [InlineData("DELETE", "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n")]
    [InlineData("OPTIONS", "")]
    public async Task Every_method_is_kept_by_308(string method, string rest)
    {
        var before = hosts.World.Backend.Requests.Count;
        var answer = await hosts.World.SendRawAsync($"{method} /x HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n{(rest.Length == 0 ? "\r\n" : rest)}");
        Assert.StartsWith("HTTP/1.1 308 ", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", answer, StringComparison.Ordinal);
        Assert.Equal(before, hosts.World.Backend.Requests.Count);
    }

    [Fact]
    public async Task The_access_log_says_why()
    {
        await hosts.World.GetRawAsync("a.test", "/logged");
        await hosts.World.Controller.Program.SaysAsync(@"GET a\.test/logged 308 .* default/a .* HttpsRedirect");
    }

    [Fact]
    public async Task Curl_follows_it_with_its_body()
    {
        var world = hosts.World;
        var (exitCode, output, errors) = await RunningProgram.RunAsync("curl",
        [
            "-sS", "--noproxy", "*", "-kL", "-d", "some body", "-o", "/dev/null", "-w", "%{http_code} %{url_effective}",
            "--connect-to", $"a.test:80:127.0.0.1:{world.Controller.Http.Port}", "--connect-to", $"a.test:9443:127.0.0.1:{world.Controller.Https.Port}",
            "http://a.test/form?x=%20",
        ]);
        Assert.Equal((0, "200 https://a.test:9443/form?x=%20", ""), (exitCode, output.Trim(), errors));
        Assert.Contains(world.Backend.Requests, request => request is { Method: "POST", Target: "/form?x=%20", BodyLength: 9 });
    }

    [Theory]
    [InlineData("X-Forwarded-Proto: https\r\n", 200)]
    [InlineData("X-Forwarded-Proto: HTTPS , http\r\n", 200)]
    [InlineData("X-Forwarded-Proto: http, https\r\n", 308)]
    [InlineData("X-Forwarded-Proto: http\r\nX-Forwarded-Proto: https\r\n", 308)]
    [InlineData("X-Forwarded-Proto:\r\n", 308)]
    [InlineData("X_Forwarded_Proto: https\r\n", 308)]
    [InlineData("", 308)]
    public async Task What_a_trusted_peer_says_of_the_clients_scheme_counts(string headers, int status)
    {
        var answer = await hosts.Behind.GetRawAsync("a.test", "/", headers + "X-Forwarded-Host: evil.test\r\n");
        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.Equal(status == 308, answer.Contains("\r\nLocation: https://a.test/\r\n", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("[::1]:8080", "https://[::1]/")]
    [InlineData("10.0.0.1:80", "https://10.0.0.1/")]
    [InlineData("user@evil.test", null)]
    [InlineData("a'b", null)]
    [InlineData("[::1]evil.test", null)]
    [InlineData("%0d%0a", null)]
    [InlineData("", null)]
    public async Task Only_a_host_goes_into_the_location(string host, string? location)
    {
        var answer = await hosts.Behind.GetRawAsync(host, "/");
        Assert.StartsWith(location is null ? "HTTP/1.1 400 " : "HTTP/1.1 308 ", answer, StringComparison.Ordinal);
        Assert.Equal(location ?? "", Regex.Match(answer, "(?m)^Location: (.*)\r$").Groups[1].Value);
    }

    [Fact]
    public async Task Without_a_host_there_is_nowhere_to_go()
    {
        Assert.StartsWith("HTTP/1.1 400 ", await hosts.Behind.SendRawAsync("GET / HTTP/1.0\r\n\r\n"), StringComparison.Ordinal);
        await hosts.Behind.Controller.Program.SaysAsync("400 .* MalformedHost");
    }

    [Fact]
    public async Task The_option_turns_it_off_and_the_annotation_on_again()
    {
        await using var world = await TlsWorld.StartAsync(
            world =>
            {
                world.Write("a", TlsWorld.Ingress("a", "a.test", "{ hosts: [a.test] }"));
                world.Write("b", TlsWorld.Ingress("b", "b.test", "{ hosts: [b.test] }", "yarp.ingress.kubernetes.io/ssl-redirect: \"true\""));
            },
            "--ssl-redirect=false");
        Assert.StartsWith("HTTP/1.1 200 ", await world.GetRawAsync("a.test", "/"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 308 ", await world.GetRawAsync("b.test", "/"), StringComparison.Ordinal);
        world.Delete("b");
        await Eventually.TrueAsync(async () => (await world.GetRawAsync("b.test", "/")).StartsWith("HTTP/1.1 404 ", StringComparison.Ordinal), "the redirect goes with its Ingress");
    }

    /// <summary>One program that believes nobody, and one behind a trusted peer.</summary>
    public sealed class Hosts : IAsyncLifetime
    {
        internal TlsWorld World { get; private set; } = null!;

        internal TlsWorld Behind { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            World = await TlsWorld.StartAsync(
                world =>
                {
                    world.Write("a", TlsWorld.Ingress("a", "a.test", "{ hosts: [a.test] }"));
                    world.Write("plain", TlsWorld.Ingress("plain", "plain.test"));
                    world.Write("never", TlsWorld.Ingress("never", "never.test", "{ hosts: [never.test] }", "nginx.ingress.kubernetes.io/ssl-redirect: \"false\""));
                    world.Write("force", TlsWorld.Ingress("force", "force.test", "", "nginx.ingress.kubernetes.io/force-ssl-redirect: \"true\""));
                    world.Write("wild", TlsWorld.Ingress("wild", "*.wild.test", "{ hosts: [\"*.wild.test\"], secretName: missing }"));
                    world.Write("pass", TlsWorld.Ingress("pass", "pass.test", "", "nginx.ingress.kubernetes.io/ssl-passthrough: \"true\""));
                    world.Write("path", TlsWorld.Ingress("path", "path.test", "{ hosts: [path.test] }").Replace("path: /,", "path: /only,", StringComparison.Ordinal));
                },
                "--public-https-port", "9443");
            Behind = await TlsWorld.StartAsync(
                world =>
                {
                    world.Write("a", TlsWorld.Ingress("a", "a.test", "{ hosts: [a.test] }"));
                    world.Write("any", TlsWorld.Ingress("any", "", "", "nginx.ingress.kubernetes.io/force-ssl-redirect: \"true\""));
                },
                "--trusted-proxies", "127.0.0.0/8");
        }

        public async Task DisposeAsync()
        {
            await World.DisposeAsync();
            await Behind.DisposeAsync();
        }
    }
}
