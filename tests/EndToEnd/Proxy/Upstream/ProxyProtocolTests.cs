using System.Collections.Concurrent;
using System.Net;
using System.Text;
using IngressController.Routing.Model;
using IngressController.Testing;
using IngressController.Testing.Tls;

namespace IngressController.EndToEnd.Proxy.Upstream;

public sealed class ProxyProtocolTests
{
    private static readonly UpstreamPolicy V1 = UpstreamPolicy.Default with { ProxyProtocol = ProxyProtocolVersion.V1 };

    private static readonly UpstreamPolicy V2 = UpstreamPolicy.Default with { ProxyProtocol = ProxyProtocolVersion.V2 };

    [Fact]
    public async Task Every_connection_tells_one_client_and_carries_its_requests_only()
    {
        var seen = new ConcurrentQueue<(string Header, string Request)>();
        await using var backend = Recording(seen);
        await using var proxy = await ProxyUnderTest.StartAsync(options => options.TrustedProxies.Add(IPNetwork.Parse("127.0.0.0/8")));
        proxy.Serve(HandMadeModel.Key("web", V1), BackendProtocol.Http, backend.Destination);
        using var front = proxy.CreateClient();

        // One connection of a trusted proxy that brings requests of many clients, many at once.
        await Task.WhenAll(Enumerable.Range(0, 40).Select(async number =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/10.9.8.{number % 10}-{number}")
            {
                Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };
            request.Headers.Add("X-Forwarded-For", $"10.9.8.{number % 10}");
            using var response = await front.SendAsync(request);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }));

        Assert.Equal(40, seen.Count);
        Assert.All(seen, pair => Assert.Contains(
            $"GET /{pair.Header.Split(' ')[2]}-", pair.Request, StringComparison.Ordinal)); // PROXY TCP4 <client> ...
    }

    [Fact]
    public async Task The_connection_of_a_client_is_kept_and_told_with_its_port_and_closes_when_the_client_goes()
    {
        var seen = new ConcurrentQueue<(string Header, string Request)>();
        var closed = new TaskCompletionSource();
        await using var backend = Recording(seen, closed);
        await using var proxy = await ProxyUnderTest.StartAsync();
        proxy.Serve(HandMadeModel.Key("web", V1), BackendProtocol.Http, backend.Destination);
        int port;
        await using (var stream = await proxy.ConnectAsync())
        {
            port = ((IPEndPoint)stream.Socket.LocalEndPoint!).Port;
            for (var requests = 0; requests < 3; requests++)
            {
                await stream.WriteAsync("GET / HTTP/1.1\r\nHost: shop.test\r\n\r\n"u8.ToArray());
                Assert.StartsWith("HTTP/1.1 200 ", await RawBackend.ReadHeadAsync(stream, CancellationToken.None).InTime(), StringComparison.Ordinal);
            }
        }

        await closed.Task.InTime();
        Assert.Equal(1, backend.Connections);
        Assert.All(seen, pair => Assert.Equal($"PROXY TCP4 127.0.0.1 127.0.0.1 {port} {proxy.Address.Port}", pair.Header));
    }

    /// <summary>Two connections from one address are two clients: a pool would have given the first one's connection to the second.</summary>
    [Fact]
    public async Task No_connection_passes_from_one_client_to_the_next()
    {
        var seen = new ConcurrentQueue<(string Header, string Request)>();
        await using var backend = Recording(seen);
        await using var proxy = await ProxyUnderTest.StartAsync();
        proxy.Serve(HandMadeModel.Key("web", V1), BackendProtocol.Http, backend.Destination);

        for (var clients = 0; clients < 3; clients++)
        {
            using var client = proxy.CreateClient();
            using var response = await client.GetAsync("/");
        }

        Assert.Equal(3, seen.Select(pair => pair.Header).Distinct().Count());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nginx_reads_version_2_also_before_tls(bool tls)
    {
        using var directory = new TemporaryDirectory();
        var free = RawBackend.Refusing();
        using var authority = TestAuthority.Create();
        var served = authority.Server("web.shop.svc");
        directory.Write("tls.pem", served.Pem + served.KeyPem);
        directory.Write(
            "nginx.conf",
            $$"""
            daemon off; master_process off; pid {{directory.File("pid")}}; error_log stderr;
            events {}
            http {
              access_log off; client_body_temp_path {{directory.Path}}; proxy_temp_path {{directory.Path}};
              fastcgi_temp_path {{directory.Path}}; uwsgi_temp_path {{directory.Path}}; scgi_temp_path {{directory.Path}};
              ssl_certificate {{directory.File("tls.pem")}}; ssl_certificate_key {{directory.File("tls.pem")}};
              server {
                listen 127.0.0.1:{{free.Port}} proxy_protocol{{(tls ? " ssl" : "")}};
                location / { return 200 "$proxy_protocol_addr $proxy_protocol_port $proxy_protocol_server_port"; }
              }
            }
            """);
        await using var nginx = RunningProgram.Start("nginx", ["-c", directory.File("nginx.conf"), "-e", "stderr"]);
        await using var proxy = await ProxyUnderTest.StartAsync();
        proxy.Serve(HandMadeModel.Key("web", V2), tls ? BackendProtocol.Https : BackendProtocol.Http, free);
        using var client = proxy.CreateClient();
        var answer = "";

        await Eventually.TrueAsync(
            async () =>
            {
                using var response = await client.GetAsync("/"); // 502 until nginx listens
                answer = await response.Content.ReadAsStringAsync();
                return response.IsSuccessStatusCode;
            },
            "an answer of nginx");

        Assert.Matches($@"^127\.0\.0\.1 [1-9][0-9]+ {proxy.Address.Port}$", answer);
    }

    /// <summary>Reads the header of version 1 and then requests, until the connection closes.</summary>
    private static RawBackend Recording(ConcurrentQueue<(string Header, string Request)> seen, TaskCompletionSource? closed = null) => new(async (stream, stop) =>
    {
        var header = new StringBuilder();
        var one = new byte[1];
        while (await stream.ReadAsync(one, stop) == 1 && one[0] != '\n')
        {
            header.Append((char)one[0]);
        }

        while (await RawBackend.ReadHeadAsync(stream, stop) is { Length: > 0 } request)
        {
            seen.Enqueue((header.ToString().TrimEnd('\r'), request));
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), stop);
        }

        closed?.TrySetResult();
    });
}
