using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using IngressController.Testing;

namespace IngressController.EndToEnd.Tls;

public sealed class ProxyProtocolTests
{
    private const string Request = "GET /who HTTP/1.1\r\nHost: plain.test\r\nConnection: close\r\n\r\n";
    private const string Line = "PROXY TCP4 192.0.2.1 198.51.100.1 56324 443\r\n";
    private static readonly string[] Trusting = ["--proxy-protocol", "--trusted-proxies", "127.0.0.1"];

    /// <summary>192.0.2.2:1 to 198.51.100.1:443, and a TLV.</summary>
    private static readonly byte[] Binary = Convert.FromHexString("0D0A0D0A000D0A515549540A21110010" + "C0000202C6336401000101BB" + "04000100");

    private static readonly byte[] Local = Convert.FromHexString("0D0A0D0A000D0A515549540A20000000");

    [Fact]
    public async Task The_client_is_who_the_header_names()
    {
        await using var world = await StartAsync(Trusting);
        Assert.StartsWith("HTTP/1.1 200 ", await SendAsync(world, [.. Encoding.ASCII.GetBytes(Line + Request)]), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200 ", await SendAsync(world, [.. Binary, .. Encoding.ASCII.GetBytes(Request)]), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200 ", await SendAsync(world, [.. Local, .. Encoding.ASCII.GetBytes(Request)]), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200 ", await SendAsync(world, [.. Encoding.ASCII.GetBytes("PROXY UNKNOWN\r\n" + Request)]), StringComparison.Ordinal);
        Assert.Equal(["192.0.2.1", "192.0.2.2", "127.0.0.1", "127.0.0.1"], world.Backend.Requests.Select(request => request.Header("X-Forwarded-For")));
        Assert.Equal(["192.0.2.1", "192.0.2.2", "127.0.0.1", "127.0.0.1"], world.Backend.Requests.Select(request => request.Header("X-Real-IP")));
        await world.Controller.Program.SaysAsync(@"(?m)^\S+ 192\.0\.2\.1 GET plain\.test/who 200 ");
    }

    [Fact]
    public async Task What_is_passed_through_begins_at_the_backend_with_whom_the_header_names()
    {
        var hello = await PassthroughWorld.HelloAsync("pass.test");
        var came = new TaskCompletionSource<byte[]>();
        await using var backend = new RawBackend(async (stream, stop) =>
        {
            var bytes = new byte[28 + hello.Length];
            await stream.ReadExactlyAsync(bytes, stop);
            came.SetResult(bytes);
        });
        const string Annotations = PassthroughWorld.Passing + ", yarp.ingress.kubernetes.io/upstream-proxy-protocol: v2";
        await using var world = await PassthroughWorld.StartAsync(backend.Destination.Port, Annotations, Trusting);
        using var connection = await ConnectAsync(world.Controller.Https);
        await connection.GetStream().WriteAsync((byte[])[.. Encoding.ASCII.GetBytes(Line), .. hello]);

        var bytes = await came.Task.InTime();
        Assert.Equal("0D0A0D0A000D0A515549540A2111000C" + "C0000201", Convert.ToHexString(bytes, 0, 20)); // 192.0.2.1
        Assert.Equal(56324, (bytes[24] << 8) | bytes[25]);
        Assert.Equal(hello, bytes[28..]);
    }

    /// <summary>The peer's word about the client counts, the client's does not.</summary>
    [Fact]
    public async Task A_client_behind_the_header_cannot_make_up_an_address()
    {
        await using var world = await StartAsync(Trusting);
        await SendAsync(world, Encoding.ASCII.GetBytes(Line + Request.Replace("\r\n\r\n", "\r\nX-Forwarded-For: 203.0.113.9\r\nX-Forwarded-Proto: https\r\n\r\n", StringComparison.Ordinal)));
        Assert.Equal(("192.0.2.1", "http", "80"), (world.Backend.Single.Header("X-Forwarded-For"), world.Backend.Single.Header("X-Forwarded-Proto"), world.Backend.Single.Header("X-Forwarded-Port")));
    }

    [Fact]
    public async Task The_header_may_come_byte_by_byte()
    {
        await using var world = await StartAsync(Trusting);
        using var connection = await ConnectAsync(world.Controller.Http);
        var stream = connection.GetStream();
        foreach (var one in Encoding.ASCII.GetBytes(Line + Request))
        {
            await stream.WriteAsync(new[] { one });
        }

        Assert.StartsWith("HTTP/1.1 200 ", await ReadAsync(stream), StringComparison.Ordinal);
        Assert.Equal("192.0.2.1", world.Backend.Single.Header("X-Forwarded-For"));
    }

    [Fact]
    public async Task Before_tls_the_header_comes_first_also_with_the_hello_in_one_piece()
    {
        await using var world = await StartAsync(Trusting);
        foreach (var header in (byte[][])[Encoding.ASCII.GetBytes(Line), Binary])
        {
            using var connection = await ConnectAsync(world.Controller.Https);
            await using var tls = new SslStream(new Prefixed(connection.GetStream(), header));
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "a.test", RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null });
            await tls.WriteAsync(Encoding.ASCII.GetBytes(Request.Replace("plain.test", "a.test", StringComparison.Ordinal)));
            Assert.StartsWith("HTTP/1.1 200 ", await ReadAsync(tls), StringComparison.Ordinal);
        }

        Assert.Equal(["192.0.2.1", "192.0.2.2"], world.Backend.Requests.Select(request => request.Header("X-Forwarded-For")));
        Assert.All(world.Backend.Requests, request => Assert.Equal(("https", "443"), (request.Header("X-Forwarded-Proto"), request.Header("X-Forwarded-Port"))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("PROXY TCP4 192.0.2.1\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.1 56324 99999\r\n")]
    public async Task A_trusted_peer_without_a_right_header_is_closed(string header)
    {
        await using var world = await StartAsync(Trusting);
        Assert.Equal("", await SendAsync(world, Encoding.ASCII.GetBytes(header + Request)));
        Assert.Empty(world.Backend.Requests);
        await world.Controller.Program.SaysAsync(@"A connection was closed because 127\.0\.0\.1:\d+ does not begin with a PROXY protocol header");
    }

    [Fact]
    public async Task Others_are_closed_whatever_they_send()
    {
        await using var world = await StartAsync("--proxy-protocol", "--trusted-proxies", "10.0.0.0/8");
        Assert.Equal("", await SendAsync(world, Encoding.ASCII.GetBytes(Line + Request)));
        Assert.Equal("", await SendAsync(world, Encoding.ASCII.GetBytes(Request)));
        await Assert.ThrowsAnyAsync<Exception>(() => world.ShakeHandsAsync("a.test"));
        Assert.Empty(world.Backend.Requests);
        await world.Controller.Program.SaysAsync(@"A connection was closed because 127\.0\.0\.1:\d+ is not among the trusted proxies");
    }

    [Fact]
    public async Task A_header_that_does_not_come_is_waited_for_5_s()
    {
        await using var world = await StartAsync(Trusting);
        Assert.Equal(["", ""], await Task.WhenAll(SendAsync(world, "PROXY TCP4"u8.ToArray()), SendAsync(world, [])));
    }

    [Fact]
    public async Task Without_the_flag_a_header_is_no_request()
    {
        await using var world = await StartAsync("--trusted-proxies", "127.0.0.1");
        Assert.StartsWith("HTTP/1.1 400 ", await SendAsync(world, Encoding.ASCII.GetBytes(Line + Request)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("send-proxy")]
    [InlineData("send-proxy-v2")]
    [InlineData("send-proxy-v2 proxy-v2-options unique-id,crc32c")]
    public async Task HAProxy_in_front_tells_who_the_client_is(string header)
    {
        await using var world = await StartAsync(Trusting);
        await using var balancer = await HAProxy.InFrontOfAsync(world.Controller, header);
        foreach (var arguments in (string[][])[["http://plain.test/", "--connect-to", $"::127.0.0.1:{balancer.Ports[0]}"], ["https://a.test/", "-k", "--connect-to", $"::127.0.0.1:{balancer.Ports[1]}"]])
        {
            var (code, output, errors) = await RunningProgram.RunAsync("curl", ["-sS", "--fail", "--noproxy", "*", "--interface", "127.0.0.2", .. arguments]);
            Assert.True(code == 0, output + errors);
        }

        Assert.Equal(["127.0.0.2", "127.0.0.2"], world.Backend.Requests.Select(request => request.Header("X-Forwarded-For")));
        Assert.Equal(["http", "https"], world.Backend.Requests.Select(request => request.Header("X-Forwarded-Proto")));
    }

    [Fact]
    public async Task Curl_speaks_it()
    {
        await using var world = await StartAsync(Trusting);
        foreach (var (url, port) in new[] { ("http://plain.test/", world.Controller.Http.Port), ("https://a.test/", world.Controller.Https.Port) })
        {
            var (code, output, errors) = await RunningProgram.RunAsync("curl", ["-sS", "-k", "--fail", "--noproxy", "*", "--haproxy-protocol", "--connect-to", $"::127.0.0.1:{port}", url]);
            Assert.True(code == 0, output + errors);
        }

        Assert.Equal(2, world.Backend.Requests.Count);
    }

    private static Task<TlsWorld> StartAsync(params string[] flags) => TlsWorld.StartAsync(
        world =>
        {
            world.Write("plain", TlsWorld.Ingress("plain", "plain.test"));
            world.Write("a", TlsWorld.Ingress("a", "a.test", "{ hosts: [a.test], secretName: a }"));
        },
        flags);

    /// <returns>All that comes back until the connection closes.</returns>
    private static async Task<string> SendAsync(TlsWorld world, byte[] bytes)
    {
        using var connection = await ConnectAsync(world.Controller.Http);
        var stream = connection.GetStream();
        try
        {
            await stream.WriteAsync(bytes);
            return await ReadAsync(stream);
        }
        catch (IOException)
        {
            return ""; // reset: bytes were not read before it was closed
        }
    }

    private static async Task<string> ReadAsync(Stream stream)
    {
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadToEndAsync().InTime();
    }

    private static async Task<TcpClient> ConnectAsync(Uri address)
    {
        var connection = new TcpClient { NoDelay = true };
        await connection.ConnectAsync(address.Host, address.Port);
        return connection;
    }
}
