using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using IngressController.Certificates.Acme;
using IngressController.Testing;

namespace IngressController.EndToEnd.Acme;

public sealed class HttpChallengeTests(ChallengeHosts hosts) : IClassFixture<ChallengeHosts>
{
    private const string Path = "/.well-known/acme-challenge/";

    private readonly ChallengeWorld world = hosts.World;

    [Theory]
    [InlineData("plain.test")]
    [InlineData("secret.test")] // would be redirected
    [InlineData("must.test")] // would have to show a certificate
    [InlineData("pass.test")] // ends elsewhere, over TLS
    [InlineData("ruleless.test")] // would not be found
    [InlineData("PLAIN.test:80")]
    [InlineData("plain.test.")]
    public async Task An_authority_gets_its_answer_whatever_holds_for_the_host(string host)
    {
        var answer = await world.Tls.GetRawAsync(host, $"{Path}any-Token_1");
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", answer, StringComparison.Ordinal);
        Assert.EndsWith($"\r\n\r\nany-Token_1.{world.Key.Thumbprint}", answer, StringComparison.Ordinal);
        Assert.Contains("Content-Type: application/octet-stream\r\n", answer, StringComparison.Ordinal);
        Assert.Matches("X-Request-ID: [0-9a-f]{32}\r\n", answer);
        Assert.DoesNotContain(world.Tls.Backend.Requests, request => request.Target.EndsWith("any-Token_1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_target_may_be_in_absolute_form() =>
        Assert.EndsWith($"\r\n\r\nabc.{world.Key.Thumbprint}", await world.Tls.GetRawAsync("plain.test", $"http://plain.test{Path}abc"), StringComparison.Ordinal);

    [Fact]
    public async Task HEAD_gets_the_length_and_no_more()
    {
        var answer = await world.Tls.SendRawAsync($"HEAD {Path}abc HTTP/1.1\r\nHost: plain.test\r\nConnection: close\r\n\r\n");
        Assert.Contains($"Content-Length: {4 + world.Key.Thumbprint.Length}\r\n", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_authority_that_was_redirected_to_https_gets_it_there()
    {
        using var handler = world.Tls.Handler();
        handler.SslOptions.RemoteCertificateValidationCallback = static (_, shown, _, _) => shown is not null; // as authorities do
        using var client = new HttpClient(handler);
        foreach (var version in new[] { HttpVersion.Version11, HttpVersion.Version20 })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"https://must.test{Path}abc") { Version = version };
            using var answer = await client.SendAsync(request);
            Assert.Equal((HttpStatusCode.OK, version), (answer.StatusCode, answer.Version));
            Assert.Equal($"abc.{world.Key.Thumbprint}", await answer.Content.ReadAsStringAsync());
        }
    }

    [Theory]
    [InlineData("idle-plain.test", $"{Path}abc")] // no order is pending: the backend may obtain certificates of its own
    [InlineData("tls-plain.test", $"{Path}abc")] // proven otherwise
    [InlineData("plain.test", Path)]
    [InlineData("plain.test", $"{Path}abc/d")]
    [InlineData("plain.test", $"{Path}abc?d")]
    [InlineData("plain.test", $"{Path}a.b")]
    [InlineData("plain.test", "/.well-known/ACME-challenge/abc")]
    public async Task What_is_no_challenge_of_ours_goes_its_way(string host, string target)
    {
        Assert.StartsWith("HTTP/1.1 200 ", await world.Tls.GetRawAsync(host, target), StringComparison.Ordinal);
        Assert.Contains(world.Tls.Backend.Requests, request => request.Target == target && request.Header("Host")!.StartsWith(host, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Other_methods_go_their_way()
    {
        Assert.StartsWith("HTTP/1.1 200 ", await world.Tls.SendRawAsync($"POST {Path}abc HTTP/1.1\r\nHost: plain.test\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"), StringComparison.Ordinal);
        Assert.Contains(world.Tls.Backend.Requests, request => request.Method == "POST");
    }

    [Fact]
    public async Task It_is_told_in_the_access_log_and_in_the_metrics()
    {
        await world.Tls.GetRawAsync("plain.test", $"{Path}abc");
        await world.Tls.Controller.Program.SaysAsync($@"(?m)^\S+ 127\.0\.0\.1 GET plain\.test{Regex.Escape(Path)}abc 200 \d+B .* AcmeChallenge$");
        await Eventually.TrueAsync(
            async () => Regex.IsMatch(await world.Tls.Controller.Admin.GetStringAsync("/metrics"), "(?m)^ingress_requests_total\\{status=\"2xx\"\\} [1-9]"), "the answer is counted");
    }

    [Theory]
    [InlineData("http://secret.test", "abc", true)]
    [InlineData("https://must.test", "abc", true)]
    [InlineData("http://pass.test", "abc", true)]
    [InlineData("https://pass.test", "abc", false)] // TLS ends at the backend
    [InlineData("http://secret.test", "abc/d", false)]
    [InlineData("http://idle-secret.test", "abc", false)]
    [InlineData("http://tls-secret.test", "abc", false)]
    public async Task It_is_explained(string host, string token, bool isAnswered)
    {
        var (code, output, errors) = await ControllerProcess.RunAsync("explain", $"{host}{Path}{token}", "--admin", world.Tls.Controller.Admin.BaseAddress!.Authority);
        Assert.True(code == 0, errors);
        Assert.Equal(isAnswered, output.Contains("\nanswer   200: answered as a challenge of a certificate authority, before any rule", StringComparison.Ordinal));
        Assert.DoesNotContain(world.Key.Thumbprint, output, StringComparison.Ordinal);
        var page = await world.Tls.Controller.Admin.GetStringAsync($"/api/explain?url={Uri.EscapeDataString($"{host}{Path}{token}")}");
        Assert.Equal(isAnswered, page.Contains("\"kind\":\"answered\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Answers_follow_the_state()
    {
        await using var world = await ChallengeWorld.StartAsync();
        world.Write(AcmeState.Empty);
        await Eventually.TrueAsync(async () => !(await world.Tls.GetRawAsync("plain.test", $"{Path}abc")).Contains(world.Key.Thumbprint, StringComparison.Ordinal), "the order is gone");
        world.Write(ChallengeWorld.Pending);
        await Eventually.TrueAsync(async () => (await world.Tls.GetRawAsync("plain.test", $"{Path}abc")).Contains(world.Key.Thumbprint, StringComparison.Ordinal), "the order is there");
    }

    [Fact]
    public async Task A_state_that_cannot_be_read_costs_only_the_challenges()
    {
        await using var world = await ChallengeWorld.StartAsync();
        world.Tls.Write("state", ChallengeWorld.Secret("{\"accounts\":7}"u8));
        await world.Tls.Controller.Program.SaysAsync("error AcmeStateUnreadable: Secret ingress-controller/ingress-controller-acme data\\[state.json\\]: ");
        Assert.StartsWith("HTTP/1.1 200 ", await world.Tls.GetRawAsync("plain.test", "/"), StringComparison.Ordinal);
        Assert.DoesNotContain(world.Key.Thumbprint, await world.Tls.GetRawAsync("plain.test", $"{Path}abc"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Behind_the_PROXY_protocol_it_is_the_same()
    {
        await using var behind = await ChallengeWorld.StartAsync(1, "--proxy-protocol", "--trusted-proxies", "127.0.0.1");
        var answer = await behind.Tls.SendRawAsync($"PROXY TCP4 192.0.2.1 198.51.100.1 56324 80\r\nGET {Path}abc HTTP/1.1\r\nHost: secret.test\r\nConnection: close\r\n\r\n");
        Assert.EndsWith($"\r\n\r\nabc.{behind.Key.Thumbprint}", answer, StringComparison.Ordinal);
        await behind.Tls.Controller.Program.SaysAsync(@"(?m)^\S+ 192\.0\.2\.1 GET secret\.test.* AcmeChallenge$");
    }
}
