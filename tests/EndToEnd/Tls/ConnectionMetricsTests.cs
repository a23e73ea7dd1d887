using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using IngressController.EndToEnd.Proxy;
using IngressController.Proxy;
using IngressController.Routing.Model;
using IngressController.Testing;

namespace IngressController.EndToEnd.Tls;

/// <summary>What is counted of connections and handshakes.</summary>
public sealed class ConnectionMetricsTests
{
    [Theory]
    [InlineData(SslProtocols.Tls12, "1.2")]
    [InlineData(SslProtocols.Tls13, "1.3")]
    public async Task A_handshake_is_counted_by_its_version(SslProtocols protocol, string version)
    {
        await using var proxy = await ProxyUnderTest.StartAsync();
        using var readings = new MeterReadings(proxy.Meters);

        await using (await ShakeHandsAsync(proxy, protocol))
        {
            await readings.IsAsync($"ingress.tls.handshakes {version} ok", 1);
            await readings.IsAsync("ingress.connections https", 1);
            await readings.IsAsync("ingress.connections.active https", 1);
        }

        await readings.IsAsync("ingress.connections.active https", 0);
        await readings.IsAsync("ingress.connections http", 0);
    }

    [Fact]
    public async Task A_handshake_without_a_common_version_has_failed()
    {
        await using var proxy = await ProxyUnderTest.StartAsync(options => options.TlsMinVersion = SslProtocols.Tls13);
        using var readings = new MeterReadings(proxy.Meters);

        await Assert.ThrowsAnyAsync<Exception>(() => ShakeHandsAsync(proxy, SslProtocols.Tls12));

        await readings.IsAsync("ingress.tls.handshakes  failed", 1);
    }

    [Fact]
    public async Task A_client_that_leaves_in_the_middle_of_its_handshake_has_closed()
    {
        await using var proxy = await ProxyUnderTest.StartAsync();
        using var readings = new MeterReadings(proxy.Meters);
        var hello = await PassthroughWorld.HelloAsync("shop.test");

        using (var connection = new TcpClient())
        {
            await connection.ConnectAsync(proxy.Https);
            await connection.GetStream().WriteAsync(hello);
            await connection.GetStream().ReadExactlyAsync(new byte[5]).AsTask().InTime();
        }

        await readings.IsAsync("ingress.tls.handshakes  closed", 1);
        await readings.IsAsync("ingress.connections.active https", 0);
    }

    [Fact]
    public async Task A_client_that_says_nothing_passes_a_limit_and_has_not_begun_a_handshake()
    {
        await using var proxy = await ProxyUnderTest.StartAsync(options => options.FirstByteTimeout = TimeSpan.FromMilliseconds(100));
        using var readings = new MeterReadings(proxy.Meters);
        using var connection = new TcpClient();
        await connection.ConnectAsync(proxy.Https);

        Assert.Equal(0, await connection.GetStream().ReadAsync(new byte[1]).AsTask().InTime());

        await readings.IsAsync("ingress.limit.hits header_timeout", 1);
        await readings.IsAsync("ingress.tls.handshakes  timeout", 0);
    }

    /// <summary>It ends in the ten seconds of a handshake, long before the minute for the first byte.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public async Task A_hello_that_does_not_come_whole_is_a_handshake_that_was_not_over_in_time(int bytes)
    {
        await using var proxy = await ProxyUnderTest.StartAsync(options => options.FirstByteTimeout = TimeSpan.FromHours(1));
        using var readings = new MeterReadings(proxy.Meters);
        var hello = await PassthroughWorld.HelloAsync("shop.test");
        using var connection = new TcpClient();
        await connection.ConnectAsync(proxy.Https);
        await connection.GetStream().WriteAsync(hello.AsMemory(0, bytes));

        Assert.Equal(0, await connection.GetStream().ReadAsync(new byte[1]).AsTask().InTime());

        await readings.IsAsync("ingress.tls.handshakes  timeout", 1);
        await readings.IsAsync("ingress.limit.hits header_timeout", 0);
    }

    [Fact]
    public async Task Connections_are_counted_by_port_and_until_they_close()
    {
        await using var proxy = await ProxyUnderTest.StartAsync();
        using var readings = new MeterReadings(proxy.Meters);
        await using (await proxy.ConnectAsync())
        {
            await readings.IsAsync("ingress.connections.active http", 1);
        }

        await readings.IsAsync("ingress.connections.active http", 0);
        await readings.IsAsync("ingress.connections http", 1);
    }

    [Fact]
    public async Task A_connection_that_is_passed_through_is_no_request()
    {
        await using var backend = new RawBackend(async (stream, stop) =>
        {
            await stream.ReadExactlyAsync(new byte[5], stop);
            await stream.WriteAsync("answer"u8.ToArray(), stop);
        });
        await using var proxy = await ProxyUnderTest.StartAsync();
        proxy.Serve(backend.Destination);
        proxy.DataPlane.Apply(proxy.Model.Secure(ProxyUnderTest.Host, HostTls.None with { Passthrough = new(HandMadeModel.Key("web")) }));
        using var readings = new MeterReadings(proxy.Meters);
        var hello = await PassthroughWorld.HelloAsync(ProxyUnderTest.Host);

        await SendAsync(proxy, hello);

        await readings.IsAsync("ingress.passthrough.connections shop web web:80 whole", 1);
        await readings.IsAsync("ingress.passthrough.io shop web web:80 receive", hello.Length);
        await readings.IsAsync("ingress.passthrough.io shop web web:80 transmit", "answer".Length);
        await readings.IsAsync($"ingress.destination.requests shop web:80 {backend.Destination} answered", 1);
        await readings.IsAsync("ingress.connections https", 1);
        Assert.DoesNotContain(readings.Now.Keys, name => name.StartsWith("ingress.requests", StringComparison.Ordinal) || name.StartsWith("ingress.tls", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_connection_that_cannot_be_passed_through_is_told()
    {
        await using var proxy = await ProxyUnderTest.StartAsync();
        var refusing = RawBackend.Refusing();
        proxy.Serve(refusing);
        proxy.DataPlane.Apply(proxy.Model.Secure(ProxyUnderTest.Host, HostTls.None with { Passthrough = new(HandMadeModel.Key("web")) }));
        using var readings = new MeterReadings(proxy.Meters);

        await SendAsync(proxy, await PassthroughWorld.HelloAsync(ProxyUnderTest.Host));

        await readings.IsAsync("ingress.passthrough.connections shop web web:80 unreachable", 1);
        await readings.IsAsync($"ingress.destination.requests shop web:80 {refusing} failed", 1);
    }

    /// <summary>Sends, and reads until the other side closes or breaks the connection.</summary>
    private static async Task SendAsync(ProxyUnderTest proxy, byte[] bytes)
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(proxy.Https);
        var stream = connection.GetStream();
        await stream.WriteAsync(bytes);
        connection.Client.Shutdown(SocketShutdown.Send);
        try
        {
            await stream.CopyToAsync(Stream.Null).InTime();
        }
        catch (IOException)
        {
            // broken, as may be
        }
    }

    private static async Task<SslStream> ShakeHandsAsync(ProxyUnderTest proxy, SslProtocols protocol)
    {
        var connection = new TcpClient();
        await connection.ConnectAsync(proxy.Https);
        var stream = new SslStream(connection.GetStream());
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = ProxyUnderTest.Host,
            EnabledSslProtocols = protocol,
            RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null,
        });
        return stream;
    }
}
