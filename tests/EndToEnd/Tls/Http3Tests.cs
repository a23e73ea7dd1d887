using System.Net;
using System.Text.Json;
using IngressController.Proxy.Listening;
using IngressController.Testing;
using IngressController.Testing.Tls;
using Microsoft.AspNetCore.Http;

namespace IngressController.EndToEnd.Tls;

/// <summary>Whatever holds over TCP holds over QUIC. Where this machine has none, it must hold over TCP with <c>--http3</c> all the same.</summary>
public sealed class Http3Tests : IAsyncLifetime
{
    private readonly TestAuthority clients = TestAuthority.Create("clients");
    private readonly Dictionary<string, TestCertificate> served = [];
    private TlsWorld world = null!;

    public static TheoryData<string> Versions => [.. Http3World.Versions.Select(version => version.ToString())];

    public async Task InitializeAsync() => world = await Http3World.StartAsync(
        world =>
        {
            world.Write("ca", clients.Secret("ca"));
            foreach (var (name, host) in new[] { ("a", "a.test"), ("wild", "*.wild.test"), ("other", "nobody.test"), ("must", "must.test") })
            {
                served[host] = world.Authority.Server(host);
                world.Write($"{name}-tls", served[host].Secret(name));
            }

            world.Write("a", TlsWorld.Ingress("a", "a.test", "{ hosts: [a.test], secretName: a }"));
            world.Write("wild", TlsWorld.Ingress("wild", "*.wild.test", "{ hosts: [\"*.wild.test\"], secretName: wild }"));
            world.Write("must", TlsWorld.Ingress("must", "must.test", "{ hosts: [must.test], secretName: must }", "nginx.ingress.kubernetes.io/auth-tls-secret: default/ca"));
            world.Write("pass", TlsWorld.Ingress("pass", "pass.test", "{ hosts: [pass.test] }", "nginx.ingress.kubernetes.io/ssl-passthrough: \"true\""));
        },
        "--default-tls-secret", "default/other", "--access-log", "nginx", "--max-header-count", "20");

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task It_is_offered_with_the_public_port_where_there_is_quic(string version)
    {
        using var client = world.Client(new(version), "a.test");
        Assert.Equal(Http3Support.IsThere ? $"h3=\":{world.Controller.Https.Port}\"" : null, await client.OfferAsync());

        using var asked = world.Client(new(version), "must.test", clients.Client("CN=anna"));
        Assert.Null(await asked.OfferAsync());
        Assert.False((await world.Controller.GetAsync("a.test", "/")).Headers.Contains("Alt-Svc"), "in cleartext");
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task The_name_decides_on_the_certificate_and_the_next_handshake_has_a_new_one(string version)
    {
        foreach (var (host, certificate) in new[] { ("a.test", "a.test"), ("b.wild.test", "*.wild.test"), ("c.b.wild.test", "nobody.test"), ("nobody.test", "nobody.test") })
        {
            Assert.Equal($"{host}: {served[certificate].Serial}", $"{host}: {await SerialAsync(version, host)}");
        }

        var next = world.Authority.Server("a.test");
        world.Write("a-tls", next.Secret("a"));
        await Eventually.TrueAsync(async () => await SerialAsync(version, "a.test") == next.Serial, "the new certificate");
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task The_backend_gets_the_request_and_who_has_sent_it(string version)
    {
        using var client = world.Client(new(version), "a.test");
        client.DefaultRequestHeaders.Add("X-Forwarded-For", "1.2.3.4");
        using var answer = await client.PostAsync(new Uri("/to%20it?a=1", UriKind.Relative), new ByteArrayContent(new byte[3_000_000])).InTime();
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);

        var request = world.Backend.Single;
        Assert.Equal(("POST", "/to%20it?a=1", 3_000_000L), (request.Method, request.Target, request.BodyLength));
        Assert.Equal(("a.test", "https", "127.0.0.1"), (request.Header("host"), request.Header("x-forwarded-proto"), request.Header("x-forwarded-for")));
        await world.Controller.Program.SaysAsync($"\"POST /to%20it\\?a=1 HTTP/{version.Replace(".", "\\.", StringComparison.Ordinal)}\" 200");
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Parts_of_an_answer_come_as_they_are_sent_and_a_broken_one_is_seen_to_be(string version)
    {
        var mayGoOn = new TaskCompletionSource();
        world.Backend.Answer = async context =>
        {
            await context.Response.WriteAsync("first");
            await context.Response.Body.FlushAsync();
            await mayGoOn.Task.InTime();
            context.Abort();
        };
        using var client = world.Client(new(version), "a.test");
        using var answer = await client.GetAsync(new Uri("/", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead).InTime();
        await using var stream = await answer.Content.ReadAsStreamAsync();
        await stream.ReadExactlyAsync(new byte[5]).AsTask().InTime();
        mayGoOn.SetResult();

        var broken = await Assert.ThrowsAnyAsync<Exception>(() => stream.ReadExactlyAsync(new byte[1]).AsTask().InTime());
        Assert.Equal(version == "3.0" ? 0x102 : 0, version == "3.0" ? Assert.IsType<HttpProtocolException>(broken).ErrorCode : 0); // H3_INTERNAL_ERROR
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Clients_show_certificates_and_browsers_which_cannot_over_quic_are_sent_to_tcp(string version)
    {
        using var anna = world.Client(new(version), "must.test", clients.Client("CN=anna"));
        using var answer = await anna.GetAsync(new Uri("/", UriKind.Relative)).InTime();
        Assert.Equal("CN=anna", JsonSerializer.Deserialize<EchoedRequest>(await answer.Content.ReadAsStringAsync(), JsonSerializerOptions.Web)!.Header("ssl-client-subject-dn"));

        using var eve = world.Client(new(version), "must.test", world.Authority.Client("CN=eve"));
        Assert.Equal(400, await eve.StatusAsync());
        using var nobody = world.Client(new(version), "must.test");
        Assert.Equal(version == "3.0" ? 421 : 400, await nobody.StatusAsync());
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_connection_is_for_the_hosts_that_ask_for_the_same_certificates(string version)
    {
        Assert.Equal(421, await MisdirectAsync(version, "a.test", "must.test"));
        Assert.Equal(421, await MisdirectAsync(version, "a.test", "pass.test"));
        Assert.Equal(200, await MisdirectAsync(version, "a.test", "b.wild.test"));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_connection_that_is_older_than_the_policy_is_ended_after_its_answer(string version)
    {
        using var client = world.Client(new(version), "a.test", clients.Client("CN=anna"));
        Assert.Equal(200, await client.StatusAsync());
        world.Write("a", TlsWorld.Ingress("a", "a.test", "{ hosts: [a.test], secretName: a }", "nginx.ingress.kubernetes.io/auth-tls-secret: default/ca"));
        await Eventually.TrueAsync(async () => await client.StatusAsync() == 421, "nobody has asked this connection");
        await Eventually.TrueAsync(async () => await client.StatusAsync() == 200, "the next one is asked");
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Its_connections_and_refused_requests_are_counted(string version)
    {
        using (var client = world.Client(new(version), "a.test"))
        {
            Assert.Equal(200, await client.StatusAsync());
            Assert.Equal(1, await world.MetricAsync("ingress_connections_active", "port=\"https\""));
            Assert.Equal(1, await world.MetricAsync("ingress_tls_handshakes_total", "outcome=\"ok\",version=\"1.3\""));

            Enumerable.Range(0, 25).ToList().ForEach(number => client.DefaultRequestHeaders.Add($"X-{number}", "1"));
            Assert.Equal(431, await client.StatusAsync());
            Assert.Equal(1, await world.MetricAsync("ingress_limit_hits_total", "limit=\"headers\""));
        }

        await Eventually.TrueAsync(async () => await world.MetricAsync("ingress_connections_active", "port=\"https\"") == 0, "it has closed");
    }

    [Fact]
    public async Task It_is_not_offered_unasked()
    {
        await using var world = await TlsWorld.StartAsync(world => world.Write("a", TlsWorld.Ingress("a", "a.test", "{ hosts: [a.test] }")));
        using var client = world.Client(HttpVersion.Version20, "a.test");
        Assert.Null(await client.OfferAsync());
        Assert.DoesNotContain("QUIC", world.Controller.Program.Errors, StringComparison.Ordinal);
    }

    public async Task DisposeAsync()
    {
        await world.DisposeAsync();
        clients.Dispose();
    }

    private async Task<string> SerialAsync(string version, string host)
    {
        var serial = "";
        using var client = world.Client(new(version), host, shown: certificate => serial = certificate.SerialNumber);
        await client.StatusAsync();
        return serial;
    }

    /// <summary>A client writes what stands in the Host header once there is a connection, for which it has taken what stood there before.</summary>
    private async Task<int> MisdirectAsync(string version, string serverName, string host)
    {
        HttpRequestMessage? request = null;
        using var client = world.Client(new(version), serverName, shown: _ => request!.Headers.Host = host);
        request = new(HttpMethod.Get, "/") { Version = new(version), VersionPolicy = HttpVersionPolicy.RequestVersionExact, Headers = { Host = serverName } };
        using (request)
        {
            using var answer = await client.SendAsync(request).InTime();
            return (int)answer.StatusCode;
        }
    }
}
