using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using IngressController.App.Metrics;
using IngressController.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IngressController.Unit.App.Metrics;

public sealed class MetricsEndpointTests : IAsyncLifetime, IDisposable
{
    private const int MoreThanAtOnce = 20;

    private readonly Measured measured = new();
    private readonly KeptLog log = new();
    private WebApplication server = null!;
    private HttpClient client = null!;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MinResponseDataRate = null; // a test's clients may be as slow as they like
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        builder.Services.AddRoutingCore();
        builder.Logging.AddProvider(log);
        server = builder.Build();
        new MetricsEndpoint(measured.Pull, measured.Clock).Map(server);
        await server.StartAsync();
        client = new() { BaseAddress = new(server.Urls.Single()) };
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    public void Dispose()
    {
        client.Dispose();
        measured.Dispose();
    }

    [Fact]
    public async Task Text_is_what_one_gets()
    {
        measured.Meter.CreateCounter<long>("test").Add(1);
        using var answer = await client.GetAsync("/metrics");
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal("no-store", answer.Headers.CacheControl!.ToString());
        Assert.Contains("\ntest_total 1\n", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gzip_is_the_same_text_and_smaller()
    {
        var counter = measured.Meter.CreateCounter<long>("test");
        for (var i = 0; i < 400; i++)
        {
            counter.Add(1, Measured.Tag("ingress", $"i{i}"));
        }

        var text = await client.GetStringAsync("/metrics");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics") { Headers = { { "Accept-Encoding", "gzip" }, { "Accept", "application/openmetrics-text" } } };
        using var answer = await client.SendAsync(request);
        Assert.Equal("gzip", answer.Content.Headers.ContentEncoding.Single());
        Assert.Equal("application/openmetrics-text; version=1.0.0; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        Assert.InRange(bytes.Length, 1, text.Length / 4);
        using var reader = new StreamReader(new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress));
        var unpacked = await reader.ReadToEndAsync();
        Assert.Equal(400, unpacked.Split('\n').Count(line => line.StartsWith("test_total{", StringComparison.Ordinal)));
        Assert.EndsWith("# EOF\n", unpacked, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HEAD", HttpStatusCode.OK)]
    [InlineData("POST", HttpStatusCode.MethodNotAllowed)]
    public async Task It_is_for_reading(string method, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(new(method), "/metrics");
        using var answer = await client.SendAsync(request);
        Assert.Equal(expected, answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_scraper_that_goes_away_takes_nothing_with_it()
    {
        MeasureMuch();
        for (var i = 0; i < MoreThanAtOnce; i++)
        {
            using var socket = await BeginAsync();
        }

        await Eventually.TrueAsync(
            async () =>
            {
                using var answer = await client.GetAsync("/metrics");
                return answer.StatusCode == HttpStatusCode.OK && (await answer.Content.ReadAsStringAsync()).Split('\n').Count(line => line.StartsWith("ingress_requests_total{", StringComparison.Ordinal)) == 20_000;
            },
            "all series are told");
        Assert.DoesNotContain(log.Lines.Lines, line => line.Contains("unhandled", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Who_takes_the_answer_slowly_keeps_it_from_nobody_for_long()
    {
        MeasureMuch();
        var slow = new List<Socket>();
        for (var i = 0; i < MoreThanAtOnce; i++)
        {
            slow.Add(await BeginAsync());
        }

        using (var answer = await client.GetAsync("/metrics"))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        }

        measured.Clock.Advance(TimeSpan.FromSeconds(30));
        await Eventually.TrueAsync(
            async () =>
            {
                using var answer = await client.GetAsync("/metrics");
                return answer.StatusCode == HttpStatusCode.OK;
            },
            "an answer for others");
        slow.ForEach(socket => socket.Dispose());
        Assert.DoesNotContain(log.Lines.Lines, line => line.Contains("unhandled", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task While_the_program_ends_the_answer_is_503()
    {
        measured.Pull.Dispose();
        using var answer = await client.GetAsync("/metrics");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
    }

    /// <summary>More than the buffers of a connection hold.</summary>
    private void MeasureMuch()
    {
        var counter = measured.Meter.CreateCounter<long>("ingress.requests");
        for (var i = 0; i < 20_000; i++)
        {
            counter.Add(1, Measured.Tag("ingress", $"an-ingress-with-a-long-name-{i}"), Measured.Tag("namespace", new string('n', 200)));
        }
    }

    /// <summary>Takes the beginning of an answer, and no more.</summary>
    private async Task<Socket> BeginAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096, LingerState = new(true, 0) };
        await socket.ConnectAsync(IPAddress.Loopback, client.BaseAddress!.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"));
        await socket.ReceiveAsync(new byte[100]);
        return socket;
    }

    private sealed class KeptLog : ILoggerProvider
    {
        public LogLines<KeptLog> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => Lines;

        public void Dispose()
        {
        }
    }
}
