using System.Net;
using System.Security.Authentication;
using System.Text;
using IngressController.Cluster;
using IngressController.Routing.Model;
using IngressController.Testing;
using IngressController.Testing.Tls;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace IngressController.EndToEnd.Proxy.Upstream;

public sealed class VerificationTests : IDisposable
{
    private readonly TestAuthority authority = TestAuthority.Create();

    public void Dispose() => authority.Dispose();

    [Theory]
    [InlineData("web.shop.svc", "web.shop.svc")]
    [InlineData("*.shop.svc", "web.shop.svc")]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("fd00::7", "fd00::7")]
    [InlineData("other.test,web.shop.svc", "web.shop.svc")]
    [InlineData("WEB.shop.svc", "web.SHOP.svc")]
    public async Task A_certificate_for_the_name_is_good(string certified, string name) =>
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(authority.Server(certified.Split(',')), Verified(name)));

    [Theory]
    [InlineData("other.shop.svc", "web.shop.svc")]
    [InlineData("*.shop.svc", "deep.web.shop.svc")]
    [InlineData("*.shop.svc", "shop.svc")]
    [InlineData("127.0.0.2", "127.0.0.1")]
    [InlineData("*", "web.shop.svc")]
    public async Task A_certificate_for_another_name_is_502(string certified, string name) =>
        Assert.Equal(HttpStatusCode.BadGateway, await StatusAsync(authority.Server(certified), Verified(name)));

    /// <summary>As in every test here, the backend is known to answer if only its certificate is good.</summary>
    [Fact]
    public async Task An_expired_certificate_is_502() => Assert.Equal(
        HttpStatusCode.BadGateway, await StatusAsync(authority.Server(TimeSpan.FromHours(-1), "web.shop.svc"), Verified("web.shop.svc")));

    [Fact]
    public async Task A_certificate_of_another_authority_is_502()
    {
        using var other = TestAuthority.Create(); // of the same name

        Assert.Equal(HttpStatusCode.BadGateway, await StatusAsync(other.Server("web.shop.svc"), Verified("web.shop.svc")));
    }

    [Fact]
    public async Task Without_an_authority_of_its_own_the_systems_are_asked() =>
        Assert.Equal(HttpStatusCode.BadGateway, await StatusAsync(authority.Server("web.shop.svc"), Verified("web.shop.svc") with { Authorities = [] }));

    [Fact]
    public async Task A_certificate_that_is_its_own_authority_is_trusted_where_that_is_named()
    {
        var itself = Verified("backend.test") with { Authorities = Bytes(SelfSigned.Certificate.ExportCertificatePem()) };
        await using var backend = await EchoBackend.StartAsync(tls: true);

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(backend, itself));
        Assert.Equal(HttpStatusCode.BadGateway, await StatusAsync(backend, Verified("backend.test")));
    }

    [Fact]
    public async Task One_of_several_authorities_is_enough()
    {
        using var other = TestAuthority.Create("another");

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(
            authority.Server("web.shop.svc"), Verified("web.shop.svc") with { Authorities = Bytes(other.Pem + authority.Pem) }));
    }

    /// <summary>As OpenSSL counts: certificates between the backend's own and the trusted one.</summary>
    [Theory]
    [InlineData(null, HttpStatusCode.OK)]
    [InlineData(2, HttpStatusCode.OK)]
    [InlineData(1, HttpStatusCode.OK)]
    [InlineData(0, HttpStatusCode.BadGateway)]
    public async Task A_chain_may_be_as_long_as_the_depth_says(int? depth, HttpStatusCode status)
    {
        var served = authority.Intermediate().Server("web.shop.svc");
        await using var backend = await EchoBackend.StartAsync(https: options => Serve(options, served));

        Assert.Equal(status, await StatusAsync(backend, Verified("web.shop.svc") with { Depth = depth }));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(authority.Server("web.shop.svc"), Verified("web.shop.svc") with { Depth = 0 }));
    }

    [Theory]
    [InlineData(BackendProtocol.Https, HttpProtocols.Http1AndHttp2, "HTTP/1.1")]
    [InlineData(BackendProtocol.Http1OverTls, HttpProtocols.Http1, "HTTP/1.1")]
    [InlineData(BackendProtocol.H2, HttpProtocols.Http1AndHttp2, "HTTP/2")]
    public async Task The_name_in_SNI_and_the_name_to_verify_are_those_of_the_backend_whatever_Host_says(
        BackendProtocol protocol, HttpProtocols spoken, string used)
    {
        var names = new System.Collections.Concurrent.ConcurrentQueue<string?>();
        var served = authority.Server("verified.test");
        await using var backend = await EchoBackend.StartAsync(protocols: spoken, https: options => options.ServerCertificateSelector = (_, name) =>
        {
            names.Enqueue(name);
            return served.Loaded;
        });
        await using var proxy = await ProxyUnderTest.StartAsync();
        proxy.Serve(protocol, Verified("verified.test") with { ServerName = "sni.test" }, backend.Destination);
        using var client = proxy.CreateClient();

        using var first = await client.GetAsync("/");
        proxy.Serve(protocol, Verified("verified.test") with { ServerName = "" }, backend.Destination);
        using var second = await client.GetAsync("/");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (first.StatusCode, second.StatusCode));
        Assert.Equal(["sni.test", null], names.Select(name => name is "" ? null : name));
        Assert.All(backend.Requests, request => Assert.Equal((used, "shop.test"), (request.Protocol, request.Header("Host"))));
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task A_backend_may_speak_only_one_version(SslProtocols version)
    {
        var served = authority.Server("web.shop.svc");
        await using var backend = await EchoBackend.StartAsync(https: options => (options.ServerCertificate, options.SslProtocols) = (served.Loaded, version));

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(backend, Verified("web.shop.svc")));
    }

    [Fact]
    public async Task Hosts_of_clients_share_the_connections_of_a_backend()
    {
        var connections = new System.Collections.Concurrent.ConcurrentDictionary<string, bool>();
        await using var backend = await EchoBackend.StartAsync(tls: true);
        backend.Answer = context =>
        {
            connections[context.Connection.Id] = true;
            return Task.CompletedTask;
        };
        await using var proxy = await ProxyUnderTest.StartAsync();
        proxy.Serve(BackendProtocol.Https, HandMadeModel.Unverified, backend.Destination);
        proxy.DataPlane.Apply(proxy.Model.Route("*.many.test", "/", HandMadeModel.Key("web")));

        foreach (var host in new[] { "shop.test", "a.many.test", "b.many.test", "c.many.test" })
        {
            using var client = proxy.CreateClient(host);
            using var response = await client.GetAsync("/");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.Single(connections);
    }

    private UpstreamIdentity Verified(string name) => new(true, name, name, null, Bytes(authority.Pem), [], []);

    private static EquatableArray<byte> Bytes(string pem) => Encoding.UTF8.GetBytes(pem).ToEquatableArray();

    private static void Serve(HttpsConnectionAdapterOptions options, TestCertificate certificate)
    {
        options.ServerCertificate = certificate.Loaded;
        options.ServerCertificateChain = [];
        options.ServerCertificateChain.ImportFromPem(certificate.Pem);
    }

    private static async Task<HttpStatusCode> StatusAsync(TestCertificate certificate, UpstreamIdentity identity)
    {
        await using var backend = await EchoBackend.StartAsync(https: options => options.ServerCertificate = certificate.Loaded);
        return await StatusAsync(backend, identity);
    }

    private static async Task<HttpStatusCode> StatusAsync(EchoBackend backend, UpstreamIdentity identity)
    {
        await using var proxy = await ProxyUnderTest.StartAsync();
        proxy.Serve(BackendProtocol.Https, identity, backend.Destination);
        using var client = proxy.CreateClient();
        using var response = await client.GetAsync("/");
        if (response.StatusCode != HttpStatusCode.OK)
        {
            Assert.Contains("\"reason\":\"TlsFailed\"", await proxy.Log.LineAsync("\"status\":502"), StringComparison.Ordinal);
        }

        return response.StatusCode;
    }
}
