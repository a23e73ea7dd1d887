using System.Globalization;
using System.Net;
using System.Text;
using IngressController.Testing;

namespace IngressController.EndToEnd.Tls;

public sealed class BodySizeTests(BodySizeTests.Limits limits) : IClassFixture<BodySizeTests.Limits>
{
    [Theory]
    [InlineData("small.test", 1024, "1.1", 200)]
    [InlineData("small.test", 1025, "1.1", 413)]
    [InlineData("small.test", 1025, "2.0", 413)]
    [InlineData("server.test", 2048, "1.1", 200)]
    [InlineData("server.test", 2049, "1.1", 413)]
    [InlineData("unlimited.test", 300_000, "1.1", 200)]
    public async Task A_body_over_the_limit_is_not_taken_and_the_backend_sees_nothing(string host, int length, string version, int status)
    {
        var target = $"/known/{host}/{length}/{version}";
        using var answer = await SendAsync(host, target, new ByteArrayContent(new byte[length]), version);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(status == 200, limits.World.Backend.Requests.Any(request => request.Target == target));
        await limits.World.Controller.Program.SaysAsync($@"POST {host}{target} {status} .* {(status == 200 ? "-" : "BodyTooLarge")}\n");
    }

    [Theory]
    [InlineData("small.test", 1024, "1.1", 200)]
    [InlineData("small.test", 100_000, "1.1", 413)]
    [InlineData("small.test", 100_000, "2.0", 413)]
    [InlineData("server.test", 100_000, "1.1", 413)]
    [InlineData("unlimited.test", 300_000, "2.0", 200)]
    public async Task A_body_of_unknown_length_is_cut_where_it_passes_the_limit(string host, int length, string version, int status)
    {
        var target = $"/unknown/{host}/{length}/{version}";
        using var answer = await SendAsync(host, target, new UnknownLength(length), version);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(status == 200, limits.World.Backend.Requests.Any(request => request.Target == target)); // recorded only at the body's end
        await limits.World.Controller.Program.SaysAsync($@"POST {host}{target} {status} .* {(status == 200 ? "-" : "BodyTooLarge")}\n");
    }

    [Theory]
    [InlineData("Expect: 100-continue")]
    [InlineData("Expect:")]
    [InlineData("Transfer-Encoding: chunked")]
    public async Task Curl_is_told_while_it_sends(string header)
    {
        using var directory = new TemporaryDirectory();
        directory.Write("body", new string('x', 3_000_000));
        var (_, output, _) = await RunningProgram.RunAsync(
            "curl", ["-sS", "--noproxy", "*", "-H", header, "-H", "Host: small.test", "--data-binary", "@body", "-o", "/dev/null", "-w", "%{http_code}", limits.World.Controller.Http.ToString()], directory: directory.Path);
        Assert.Equal("413", output.Trim());
    }

    private async Task<HttpResponseMessage> SendAsync(string host, string target, HttpContent body, string version)
    {
        using var client = limits.World.Client();
        var request = new HttpRequestMessage(HttpMethod.Post, $"http://{host}{target}")
        {
            Content = body,
            Version = Version.Parse(version),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        return await client.SendAsync(request).InTime();
    }

    private sealed class UnknownLength(int length) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            for (var sent = 0; sent < length; sent += 512)
            {
                await stream.WriteAsync(Encoding.ASCII.GetBytes(new string('x', Math.Min(512, length - sent))));
            }
        }

        protected override bool TryComputeLength(out long computed)
        {
            computed = 0;
            return false;
        }
    }

    public sealed class Limits : IAsyncLifetime
    {
        internal TlsWorld World { get; private set; } = null!;

        public async Task InitializeAsync() => World = await TlsWorld.StartAsync(
            world =>
            {
                foreach (var (name, size) in new[] { ("small", "1k"), ("unlimited", "0"), ("server", "") })
                {
                    world.Write(name, TlsWorld.Ingress(name, $"{name}.test", "", size.Length == 0 ? "" : $"nginx.ingress.kubernetes.io/proxy-body-size: \"{size}\""));
                }
            },
            "--max-body-size", 2048.ToString(CultureInfo.InvariantCulture));

        public async Task DisposeAsync() => await World.DisposeAsync();
    }
}
