using System.Net;
using System.Net.Security;
using IngressController.Testing;
using IngressController.Testing.Tls;

namespace IngressController.EndToEnd.Tls;

public sealed class MisdirectedTests : IAsyncLifetime
{
    private readonly TestAuthority clients = TestAuthority.Create("clients");
    private TlsWorld world = null!;

    public async Task InitializeAsync() => world = await TlsWorld.StartAsync(world =>
    {
        world.Write("ca", clients.Secret("ca"));
        world.Write("other-ca", clients.Secret("other-ca"));
        Write("plain");
        Write("plain-too");
        Write("a", "nginx.ingress.kubernetes.io/auth-tls-secret: default/ca");
        Write("a-too", "nginx.ingress.kubernetes.io/auth-tls-secret: default/ca");
        Write("b", "nginx.ingress.kubernetes.io/auth-tls-secret: default/other-ca");
        Write("pass", "nginx.ingress.kubernetes.io/ssl-passthrough: \"true\"");

        void Write(string name, string annotations = "") => world.Write(name, TlsWorld.Ingress(name, $"{name}.test", $"{{ hosts: [{name}.test] }}", annotations));
    });

    [Theory]
    [InlineData("plain.test", "plain-too.test", 200)]
    [InlineData("plain.test", "nobody.test", 404)]
    [InlineData("a.test", "A.test.:443", 200)]
    [InlineData("a.test", "a-too.test", 200)]
    [InlineData("a.test", "b.test", 421)]
    [InlineData("a.test", "plain.test", 421)]
    [InlineData("plain.test", "a.test", 421)]
    [InlineData("nobody.test", "a.test", 421)]
    [InlineData("", "a.test", 421)]
    [InlineData("", "plain.test", 200)]
    [InlineData("plain.test", "pass.test", 421)]
    public async Task A_request_for_another_policy_than_that_of_its_connection_is_misdirected(string serverName, string host, int status)
    {
        foreach (var version in new[] { HttpVersion.Version11, HttpVersion.Version20 })
        {
            using var client = Client(serverName, version);
            Assert.Equal(status, await AskAsync(client, host));
        }

        if (status == 421)
        {
            await world.Controller.Program.SaysAsync($@"GET {host}/ 421 .* Misdirected");
        }
    }

    [Fact]
    public async Task So_is_a_gRPC_call_and_one_in_cleartext_is_sent_to_https()
    {
        using var client = Client("plain.test", HttpVersion.Version20);
        Assert.Equal(421, await AskAsync(client, "a.test", "application/grpc"));
        using var cleartext = new HttpClient(world.Handler());
        using var call = new HttpRequestMessage(HttpMethod.Post, "http://plain.test/echo.Echo/Say")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent([]) { Headers = { ContentType = new("application/grpc") } },
        };
        using var redirect = await cleartext.SendAsync(call).InTime();
        Assert.Equal(308, (int)redirect.StatusCode);
        Assert.False(redirect.Headers.Contains("grpc-status"));
    }

    [Fact]
    public async Task A_connection_that_is_older_than_the_policy_is_told_to_come_again()
    {
        using var client = Client("plain.test", HttpVersion.Version20);
        Assert.Equal(200, await AskAsync(client, "plain.test"));
        world.Write("plain", TlsWorld.Ingress("plain", "plain.test", "{ hosts: [plain.test] }", "nginx.ingress.kubernetes.io/auth-tls-secret: default/ca"));
        await Eventually.TrueAsync(async () => await AskAsync(client, "plain.test") == 421, "nobody has asked this connection");
        using var another = Client("plain.test", HttpVersion.Version20);
        Assert.Equal(200, await AskAsync(another, "plain.test"));
    }

    public async Task DisposeAsync()
    {
        await world.DisposeAsync();
        clients.Dispose();
    }

    private static async Task<int> AskAsync(HttpClient client, string host, string? contentType = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://any.test/") { Version = client.DefaultRequestVersion, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        request.Headers.Host = host;
        request.Content = contentType is null ? null : new ByteArrayContent([]) { Headers = { ContentType = new(contentType) } };
        using var answer = await client.SendAsync(request).InTime();
        return (int)answer.StatusCode;
    }

    /// <summary>One that names this host in SNI, whatever the Host header says.</summary>
    private HttpClient Client(string serverName, Version version) => new(new SocketsHttpHandler
    {
        UseProxy = false,
        ConnectCallback = async (_, _) => await world.ShakeHandsAsync(serverName, options =>
        {
            options.ClientCertificateContext = clients.Client("CN=anna").WithChain();
            options.ApplicationProtocols = [version == HttpVersion.Version20 ? SslApplicationProtocol.Http2 : SslApplicationProtocol.Http11];
        }),
    })
    {
        DefaultRequestVersion = version,
    };
}
