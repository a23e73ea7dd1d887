using System.Net;
using System.Net.Security;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using IngressController.Testing;
using IngressController.Testing.Tls;
using Microsoft.AspNetCore.Http;

namespace IngressController.EndToEnd.Tls;

public sealed class ClientCertificateTests(GuardedHosts hosts) : IClassFixture<GuardedHosts>
{
    private TlsWorld World => hosts.World;

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_good_certificate_is_let_in_and_the_backend_is_told_whose_it_is(string version)
    {
        var certificate = hosts.Clients.Client("CN=\"Anna, \u00e4\", O=Acme + OU=Ops, C=DE");
        using var client = World.Client(certificate);
        using var answer = await client.SendAsync(new(HttpMethod.Get, $"https://must.test/good/{version}")
        {
            Version = Version.Parse(version),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Headers = { { "ssl-client-verify", "forged" }, { "SSL-Client-Subject-DN", "CN=root" }, { "Ssl_Client_Verify", "forged" }, { "ssl-client-cert", "forged" } },
        }).InTime();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var seen = World.Backend.Requests.Single(request => request.Target == $"/good/{version}");
        Assert.Equal("SUCCESS", seen.Header("ssl-client-verify"));
        Assert.Equal(await OpenSslSubjectAsync(certificate), seen.Header("ssl-client-subject-dn"));
        Assert.Equal("CN=clients", seen.Header("ssl-client-issuer-dn"));
        Assert.Null(seen.Header("ssl-client-cert"));
    }

    [Fact]
    public async Task The_certificate_itself_is_passed_where_that_is_asked_for()
    {
        var certificate = hosts.Clients.Client("CN=anna");
        Assert.Equal("200", await AskAsync("https://pass.test/cert", certificate));
        var header = World.Backend.Requests.Single(request => request.Target == "/cert").Header("ssl-client-cert")!;
        Assert.Equal(certificate.Leaf, Uri.UnescapeDataString(header));
        Assert.DoesNotContain(header, character => character is '+' or '/' or '=' or ' ' or '\n');
    }

    [Fact]
    public async Task Without_a_certificate_the_handshake_succeeds_and_the_answer_says_what_is_missing()
    {
        using var client = World.Client();
        using var answer = await client.GetAsync("https://must.test/none").InTime();
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("No required SSL certificate was sent", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await World.Controller.Program.SaysAsync(@"GET must\.test/none 400 .* ClientCertificateMissing");
        Assert.DoesNotContain(World.Backend.Requests, request => request.Target == "/none");
    }

    [Theory]
    [InlineData("stranger", "unable to get local issuer certificate")]
    [InlineData("self-signed", "self-signed certificate")]
    [InlineData("expired", null)]
    [InlineData("server", null)]
    public async Task A_bad_certificate_is_400_and_only_who_vouches_for_it_may_be_left_to_the_backend(string kind, string? left)
    {
        var certificate = kind switch
        {
            "stranger" => TestAuthority.Create("stranger").Client("CN=anna"),
            "self-signed" => TestAuthority.Create("self-signed").Itself(),
            "expired" => hosts.Clients.Client("CN=anna", TimeSpan.FromDays(-1)),
            _ => hosts.Clients.Server("anna"),
        };
        var target = $"/bad/{kind}";
        using var client = World.Client(certificate);
        using var answer = await client.GetAsync($"https://must.test{target}").InTime();
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("The SSL certificate error", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await World.Controller.Program.SaysAsync($@"GET must\.test{target} 400 .* ClientCertificateInvalid");

        Assert.Equal("400", await AskAsync($"https://optional.test{target}", certificate));
        Assert.Equal(left is null ? "400" : "200", await AskAsync($"https://unverified.test{target}", certificate));
        Assert.Equal(left is null ? null : $"FAILED:{left}", World.Backend.Requests.SingleOrDefault(request => request.Target == target)?.Header("ssl-client-verify"));
    }

    [Theory]
    [InlineData("optional.test")]
    [InlineData("unverified.test")]
    public async Task Where_it_is_optional_a_client_may_come_without_one(string host)
    {
        Assert.Equal("200", await AskAsync($"https://{host}/without/{host}", null));
        var seen = World.Backend.Requests.Single(request => request.Target == $"/without/{host}");
        Assert.Equal("NONE", seen.Header("ssl-client-verify"));
        Assert.Null(seen.Header("ssl-client-subject-dn"));
    }

    [Fact]
    public async Task An_error_page_takes_the_place_of_400()
    {
        using var client = World.Client();
        using var answer = await client.GetAsync("https://page.test/").InTime();
        Assert.Equal((HttpStatusCode.Found, "https://help.test/cert?why"), (answer.StatusCode, answer.Headers.Location?.OriginalString));
    }

    [Theory]
    [InlineData("CN=admin", "200")]
    [InlineData("CN=administrator, O=x", "200")]
    [InlineData("CN=anna", "403")]
    [InlineData("CN=anna, O=CN=admin", "403")]
    [InlineData("CN=not CN=admin", "403")]
    [InlineData("O=nobody", "403")]
    public async Task Only_the_common_names_that_are_asked_for_are_let_in(string subject, string status) =>
        Assert.Equal(status, await AskAsync("https://cn.test/", hosts.Clients.Client(subject)));

    [Theory]
    [InlineData("shallow.test", "400")]
    [InlineData("must.test", "200")]
    public async Task A_chain_may_be_as_long_as_the_depth_says(string host, string status) =>
        Assert.Equal(status, await AskAsync($"https://{host}/", hosts.Clients.Intermediate().Client("CN=anna")));

    [Fact]
    public async Task Only_hosts_that_want_one_ask_for_a_certificate_and_name_whom_they_trust()
    {
        Assert.Null(await AskedAsync("plain.test"));
        Assert.Null(await AskedAsync(""));
        Assert.Equal(["CN=clients"], await AskedAsync("must.test") ?? []);
        Assert.Equal(["CN=clients"], await AskedAsync("named-elsewhere.wild.test") ?? []);
    }

    [Fact]
    public async Task Who_names_a_host_in_tls_without_a_rule_does_not_open_it()
    {
        Assert.Equal("400", await AskAsync("https://named-elsewhere.wild.test/", null));
        Assert.Equal("200", await AskAsync("https://named-elsewhere.wild.test/", hosts.Clients.Client("CN=anna")));
        Assert.Equal("200", await AskAsync("https://own-rule.wild.test/", null));
    }

    [Theory]
    [InlineData("must.test", 308)]
    [InlineData("no-redirect.test", 400)]
    [InlineData("broken.test", 503)]
    public async Task In_cleartext_such_a_host_is_never_open(string host, int status)
    {
        Assert.StartsWith($"HTTP/1.1 {status} ", await World.GetRawAsync(host, "/", "ssl-client-verify: SUCCESS\r\n"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("must.test")]
    [InlineData("no-redirect.test")]
    [InlineData("broken.test")]
    public async Task Only_challenges_of_certificate_authorities_need_no_certificate_in_cleartext(string host)
    {
        var challenge = $"/.well-known/acme-challenge/{host.Split('.')[0]}";
        Assert.StartsWith("HTTP/1.1 200 ", await World.GetRawAsync(host, challenge, "ssl-client-verify: SUCCESS\r\n"), StringComparison.Ordinal);
        Assert.Null(World.Backend.Requests.Single(request => request.Target == challenge).Header("ssl-client-verify"));
        Assert.Equal(host == "broken.test" ? "503" : "400", await AskAsync($"https://{host}{challenge}", null));
        foreach (var other in new[] { "/.well-known/acme-challenge/", $"{challenge}/x", $"{challenge}?x", $"{challenge}%2e", "/.well-known/acme-challenge/../x", "/.well-known/ACME-challenge/x" })
        {
            Assert.DoesNotContain("HTTP/1.1 200 ", await World.GetRawAsync(host, other), StringComparison.Ordinal);
        }

        Assert.DoesNotContain("HTTP/1.1 200 ", await World.GetRawAsync(host, challenge, "Connection: Upgrade\r\nUpgrade: websocket\r\n"), StringComparison.Ordinal); // it could do more than read
    }

    [Fact]
    public async Task Nobody_forges_the_headers_at_other_hosts_either()
    {
        await World.GetRawAsync("plain.test", "/forged", "ssl-client-verify: SUCCESS\r\nSSL-CLIENT-SUBJECT-DN: CN=root\r\nssl-client-anything: x\r\n");
        Assert.DoesNotContain(World.Backend.Requests.Single(request => request.Target == "/forged").Headers.Keys, name => name.StartsWith("ssl-client", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Authorities_that_cannot_be_read_close_the_host()
    {
        Assert.Equal("503", await AskAsync("https://broken.test/closed", hosts.Clients.Client("CN=anna")));
        Assert.Equal("503", await AskAsync("https://broken-list.test/", hosts.Clients.Client("CN=anna")));
        await World.Controller.Program.SaysAsync(@"GET broken\.test/closed 503 .* ClientAuthoritiesInvalid");
        await World.Controller.Program.SaysAsync(@"ClientAuthoritiesInvalid: Ingress default/broken-list metadata\.annotations: Secret default/broken-list has a ca\.crl that cannot be used");
    }

    [Theory]
    [InlineData("good", "200")]
    [InlineData("revoked", "400")]
    public async Task What_the_authority_has_taken_back_is_refused(string kind, string status) =>
        Assert.Equal(status, await AskAsync("https://revoking.test/", kind == "good" ? hosts.Clients.Client("CN=anna") : hosts.Revoked));

    [Theory]
    [InlineData("old-list.test")]
    [InlineData("foreign-list.test")]
    [InlineData("forged-list.test")]
    public async Task Without_a_list_that_is_valid_now_nobody_is_let_in(string host) =>
        Assert.Equal("400", await AskAsync($"https://{host}/", hosts.Clients.Client("CN=anna")));

    /// <summary>Over HTTP/2 they come by extended CONNECT (RFC 8441).</summary>
    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task WebSockets_show_their_certificate_too(string version)
    {
        await using var world = await StartAsync();
        world.Backend.Answer = EchoOnceAsync;
        using var socket = SocketOf(version);
        using var invoker = new HttpMessageInvoker(world.Handler(hosts.Clients.Client("CN=anna")));
        await socket.ConnectAsync(new("wss://must.test/chat"), invoker, CancellationToken.None).InTime();
        var received = await socket.ReceiveAsync(new byte[16], CancellationToken.None).InTime();
        Assert.Equal((5, "SUCCESS"), (received.Count, world.Backend.Single.Header("ssl-client-verify")));

        using var other = SocketOf(version);
        using var without = new HttpMessageInvoker(world.Handler());
        await Assert.ThrowsAsync<WebSocketException>(() => other.ConnectAsync(new("wss://must.test/chat"), without, CancellationToken.None).InTime());
    }

    [Fact]
    public async Task New_requests_on_an_old_connection_are_judged_by_the_new_authorities()
    {
        await using var world = await StartAsync();
        using var client = world.Client(hosts.Clients.Client("CN=anna"));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("https://must.test/").InTime()).StatusCode);

        using var others = TestAuthority.Create("others");
        world.Write("ca", others.Secret("ca"));
        await Eventually.TrueAsync(() => AnswersAsync(HttpStatusCode.BadRequest), "the certificate is not good any more");
        world.Write("ca", hosts.Clients.Secret("ca"));
        await Eventually.TrueAsync(() => AnswersAsync(HttpStatusCode.OK), "it is good again");

        async Task<bool> AnswersAsync(HttpStatusCode status)
        {
            try
            {
                using var answer = await client.GetAsync("https://must.test/");
                return answer.StatusCode == status;
            }
            catch (HttpRequestException)
            {
                return false; // a connection that just closes
            }
        }
    }

    [Fact]
    public async Task Openssl_and_curl_are_asked_by_every_version_of_tls()
    {
        using var directory = new TemporaryDirectory();
        var certificate = hosts.Clients.Client("CN=anna");
        directory.Write("cert.pem", certificate.Pem);
        directory.Write("key.pem", certificate.KeyPem);
        foreach (var (version, arguments, status) in new[] { ("1.2", new[] { "--cert", "cert.pem", "--key", "key.pem" }, "200"), ("1.3", ["--cert", "cert.pem", "--key", "key.pem"], "200"), ("1.2", [], "400"), ("1.3", [], "400") })
        {
            string[] common = ["-sSk", "--noproxy", "*", "--tls-max", version, "-o", "/dev/null", "-w", "%{http_code}", "--connect-to", $"::127.0.0.1:{World.Controller.Https.Port}", "https://must.test/curl"];
            var (_, output, errors) = await RunningProgram.RunAsync("curl", [.. common, .. arguments], directory: directory.Path);
            Assert.Equal((version, status, ""), (version, output.Trim(), errors));
        }
    }

    /// <summary>What OpenSSL prints with the options that nginx uses.</summary>
    private static async Task<string> OpenSslSubjectAsync(TestCertificate certificate)
    {
        using var directory = new TemporaryDirectory();
        directory.Write("cert.pem", certificate.Leaf);
        var (_, output, _) = await RunningProgram.RunAsync("openssl", ["x509", "-in", "cert.pem", "-noout", "-subject", "-nameopt", "RFC2253"], directory: directory.Path);
        return Regex.Match(output, "^subject=(.*)$", RegexOptions.Multiline).Groups[1].Value;
    }

    private async Task<TlsWorld> StartAsync() => await TlsWorld.StartAsync(world =>
    {
        world.Write("ca", hosts.Clients.Secret("ca"));
        world.Write("secret", world.Authority.Server("must.test").Secret("all"));
        world.Write("must", GuardedHosts.Ingress("must", "ca", "auth-tls-verify-client: \"on\""));
    });

    private async Task<string> AskAsync(string url, TestCertificate? certificate)
    {
        using var client = World.Client(certificate);
        using var answer = await client.GetAsync(url).InTime();
        return ((int)answer.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <returns>Whom the server trusts; null where it asks for nothing.</returns>
    private async Task<string[]?> AskedAsync(string serverName)
    {
        string[]? asked = null;
        await using var stream = await World.ShakeHandsAsync(serverName, options => options.LocalCertificateSelectionCallback = (_, _, _, remote, issuers) =>
        {
            asked = remote is null ? asked : issuers;
            return null!;
        });
        return asked;
    }

    private static ClientWebSocket SocketOf(string version) =>
        new() { Options = { HttpVersion = Version.Parse(version), HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact } };

    private static async Task EchoOnceAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        await socket.SendAsync(Encoding.ASCII.GetBytes("hello"), WebSocketMessageType.Text, true, context.RequestAborted);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
    }
}
