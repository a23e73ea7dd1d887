using System.Net;
using IngressController.Kubernetes.Api;
using IngressController.Testing;

namespace IngressController.EndToEnd.Cluster.Identity;

/// <summary>The way to the server, and how the server is known.</summary>
public sealed class RouteTests
{
    private const string Token = "token: good";
    private const string Account = "system:serviceaccount:ingress:controller";

    [Theory]
    [InlineData("", true)]
    [InlineData("ann:p%40ss", true)]
    [InlineData("ann:wrong", false)]
    public async Task A_proxy_url_of_http_is_asked_to_connect_with_its_password(string login, bool passes)
    {
        await using var server = await StartAsync();
        await using var proxy = Tunnel.Http(login.Length > 0 ? "ann:p@ss" : null);
        await AssertPassesAsync(server, proxy, $"http://{login}{(login.Length > 0 ? "@" : "")}127.0.0.1:{proxy.Port}", passes);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("ann:p%40ss", true)]
    [InlineData("ann:wrong", false)]
    public async Task A_proxy_url_of_socks5_is_asked_to_connect_with_its_password(string login, bool passes)
    {
        await using var server = await StartAsync();
        await using var proxy = Tunnel.Socks(login.Length > 0 ? "ann:p@ss" : null);
        await AssertPassesAsync(server, proxy, $"socks5://{login}{(login.Length > 0 ? "@" : "")}127.0.0.1:{proxy.Port}", passes);
    }

    [Fact]
    public async Task A_server_of_another_name_is_known_by_tls_server_name()
    {
        await using var server = await StartAsync();
        await using var way = Tunnel.To(server.Fake.Address.Authority, IPAddress.Parse("127.0.0.2"));
        var address = $"https://127.0.0.2:{way.Port}";
        await Assert.ThrowsAsync<HttpRequestException>(() => server.WhoAsync(server.Connect(Token, server: address)));
        Assert.Equal(Account, await server.WhoAsync(server.Connect(Token, $"{server.Authority}, tls-server-name: kubernetes.default.svc", address)));
    }

    [Fact]
    public async Task A_server_that_nobody_vouches_for_is_asked_only_where_verification_is_switched_off()
    {
        await using var server = await StartAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => server.WhoAsync(server.Connect(Token, "insecure-skip-tls-verify: false")));
        Assert.Empty(server.Fake.Requests);
        Assert.Equal(Account, await server.WhoAsync(server.Connect(Token, "insecure-skip-tls-verify: true")));
    }

    [Fact]
    public async Task The_API_is_under_the_path_of_the_server()
    {
        await using var server = await AskedServer.StartAsync("/k8s/clusters/c-1");
        server.Fake.AddToken("good", Account);
        Assert.Equal(Account, await server.WhoAsync(server.Connect(Token)));
        Assert.Equal(Account, await server.WhoAsync(server.Connect(Token, server: $"{server.Fake.Address}/?a=b")));
        await Assert.ThrowsAsync<ApiException>(() => server.WhoAsync(server.Connect(Token, server: $"https://{server.Fake.Address.Authority}")));
    }

    [Fact]
    public async Task A_user_and_password_are_sent_as_such()
    {
        await using var server = await AskedServer.StartAsync();
        await using var echo = await EchoBackend.StartAsync();
        await server.Connect("username: ann, password: 'p:ä'", "disable-compression: true", $"http://127.0.0.1:{echo.Port}").OpenAsync("/api", CancellationToken.None);
        Assert.Equal($"Basic {AskedServer.Base64("ann:p:ä")}", echo.Single.Header("authorization"));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task A_pod_asks_with_its_service_account_whose_token_and_authority_rotate(string host)
    {
        await using var server = await StartAsync();
        await using var way = Tunnel.To(server.Fake.Address.Authority, IPAddress.Parse(host));
        var token = server.Write("account/token", "good\n");
        server.Write("account/ca.crt", server.Fake.CertificateAuthority!);
        server.Write("account/namespace", "ingress\n");
        var connection = ApiConnection.InCluster(host, way.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), Path.GetDirectoryName(token)!);
        var client = server.Connect(connection);
        Assert.Equal((Account, "ingress"), (await server.WhoAsync(client), connection.Namespace));

        server.Fake.AddToken("next", "system:serviceaccount:ingress:next");
        server.Write("account/token", "next\n");
        Assert.Equal(Account, await server.WhoAsync(client)); // still holds
        server.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("system:serviceaccount:ingress:next", await server.WhoAsync(client));

        server.Write("account/token", "good\n");
        server.Fake.ExpireToken("next");
        Assert.Equal(Account, await server.WhoAsync(client)); // read again at once when it is refused

        server.Write("account/ca.crt", SelfSigned.Certificate.ExportCertificatePem());
        await Assert.ThrowsAsync<HttpRequestException>(() => server.WhoAsync(server.Connect(connection)));
    }

    private static async Task<AskedServer> StartAsync()
    {
        var server = await AskedServer.StartAsync();
        server.Fake.AddToken("good", Account);
        return server;
    }

    private static async Task AssertPassesAsync(AskedServer server, Tunnel proxy, string url, bool passes)
    {
        var client = server.Connect(Token, $"{server.Authority}, proxy-url: '{url}'");
        if (!passes)
        {
            await Assert.ThrowsAsync<HttpRequestException>(() => server.WhoAsync(client));
            Assert.Empty(proxy.Targets);
            return;
        }

        Assert.Equal(Account, await server.WhoAsync(client));
        Assert.Equal([server.Fake.Address.Authority], proxy.Targets);
    }
}
