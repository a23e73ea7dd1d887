using System.Collections.Concurrent;
using System.Net;
using System.Text;
using IngressController.Cluster;
using IngressController.Routing.Model;
using IngressController.Testing;
using IngressController.Testing.Tls;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace IngressController.EndToEnd.Proxy.Upstream;

/// <summary>Client certificates to backends, and what happens as identities change.</summary>
public sealed class RotationTests : IDisposable
{
    private readonly TestAuthority authority = TestAuthority.Create();

    public void Dispose() => authority.Dispose();

    [Fact]
    public async Task A_client_certificate_is_shown_and_a_new_one_is_used_without_a_failed_request()
    {
        await using var backend = await DemandingAsync();
        await using var proxy = await ProxyUnderTest.StartAsync();
        proxy.Serve(BackendProtocol.Https, Identity(authority.Client("CN=first")), backend.Destination);
        using var client = proxy.CreateClient();
        var shown = new ConcurrentQueue<string>();
        backend.Answer = context =>
        {
            shown.Enqueue(context.Connection.ClientCertificate!.Subject);
            return Task.CompletedTask;
        };

        using var stop = new CancellationTokenSource();
        var load = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => AskUntilAsync(client, stop.Token)));
        await Eventually.TrueAsync(() => shown.Contains("CN=first"), "the first certificate");
        proxy.Serve(BackendProtocol.Https, Identity(authority.Client("CN=second")), backend.Destination);
        await Eventually.TrueAsync(() => shown.Contains("CN=second"), "the second certificate");
        await stop.CancelAsync();
        await load;

        shown.Clear();
        using var after = await client.GetAsync("/");
        Assert.Equal(["CN=second"], shown);
    }

    /// <summary>With TLS 1.3 the backend says so only after the handshake.</summary>
    [Theory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public async Task A_backend_that_asks_for_a_certificate_and_gets_none_is_502(string version)
    {
        using var directory = new TemporaryDirectory();
        await using var server = ServeByOpenSsl(directory, version, "-Verify", "1");
        await using var proxy = await ProxyUnderTest.StartAsync();
        proxy.Serve(BackendProtocol.Https, Identity(null), await DestinationAsync(server));
        using var client = proxy.CreateClient();

        using var response = await client.GetAsync("/");

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Contains("\"reason\":\"TlsFailed\"", await proxy.Log.LineAsync("\"status\":502"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_destination_with_a_bad_certificate_is_passed_over()
    {
        await using var bad = await EchoBackend.StartAsync("bad", tls: true);
        var served = authority.Server("web.shop.svc");
        await using var good = await EchoBackend.StartAsync("good", https: options => options.ServerCertificate = served.Loaded);
        await using var proxy = await ProxyUnderTest.StartAsync();
        proxy.Serve(BackendProtocol.Https, Identity(null), bad.Destination, good.Destination);
        using var client = proxy.CreateClient();

        for (var requests = 0; requests < 4; requests++)
        {
            using var response = await client.PostAsync("/", new StringContent("hello"));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.Empty(bad.Requests);
        Assert.All(good.Requests, request => Assert.Equal(5, request.BodyLength));
    }

    [Fact]
    public async Task An_http_1_1_backend_is_not_spoken_to_in_grpc()
    {
        await using var backend = await EchoBackend.StartAsync(protocols: HttpProtocols.Http1, tls: true);
        await using var proxy = await ProxyUnderTest.StartAsync();
        proxy.Serve(BackendProtocol.H2, HandMadeModel.Unverified, backend.Destination);
        using var client = proxy.CreateClient();

        using var response = await client.GetAsync("/");

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Contains("\"reason\":\"TlsFailed\"", await proxy.Log.LineAsync("\"status\":502"), StringComparison.Ordinal);
    }

    /// <summary>The page of <c>s_server -www</c> tells about its connection, which it closes with every answer.</summary>
    [Theory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public async Task Sessions_with_a_backend_are_resumed(string version)
    {
        using var directory = new TemporaryDirectory();
        await using var server = ServeByOpenSsl(directory, version);
        await using var proxy = await ProxyUnderTest.StartAsync();
        proxy.Serve(BackendProtocol.Https, Identity(null), await DestinationAsync(server));
        using var client = proxy.CreateClient();

        var first = await client.GetStringAsync("/").InTime();
        var second = await client.GetStringAsync("/").InTime();

        Assert.Contains("\nNew, ", first, StringComparison.Ordinal);
        Assert.Contains("\nReused, ", second, StringComparison.Ordinal);
    }

    private UpstreamIdentity Identity(TestCertificate? ours) => new(
        true, "web.shop.svc", "web.shop.svc", null, Bytes(authority.Pem), Bytes(ours?.Pem ?? ""), Bytes(ours?.KeyPem ?? ""));

    private static EquatableArray<byte> Bytes(string pem) => Encoding.UTF8.GetBytes(pem).ToEquatableArray();

    /// <summary>It says <c>ACCEPT</c> with its port, and answers every GET with a page about the connection.</summary>
    private RunningProgram ServeByOpenSsl(TemporaryDirectory directory, params string[] options)
    {
        var served = authority.Server("web.shop.svc");
        directory.Write("tls.pem", served.Pem + served.KeyPem);
        return RunningProgram.Start(
            "openssl", ["s_server", "-accept", "127.0.0.1:0", "-www", "-cert", directory.File("tls.pem"), "-key", directory.File("tls.pem"), .. options]);
    }

    private static async Task<Destination> DestinationAsync(RunningProgram server)
    {
        var port = (await server.SaysAsync(@"ACCEPT 127\.0\.0\.1:(\d+)")).Groups[1].Value;
        return new("127.0.0.1", int.Parse(port, System.Globalization.CultureInfo.InvariantCulture));
    }

    private Task<EchoBackend> DemandingAsync()
    {
        var served = authority.Server("web.shop.svc");
        return EchoBackend.StartAsync(https: options =>
        {
            options.ServerCertificate = served.Loaded;
            options.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
            options.ClientCertificateValidation = (_, _, _) => true;
        });
    }

    private static async Task AskUntilAsync(HttpClient client, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            using var response = await client.GetAsync("/", CancellationToken.None).InTime();
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }
}
