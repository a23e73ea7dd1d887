using IngressController.EndToEnd.Tls;
using IngressController.Testing;

namespace IngressController.EndToEnd.Streams;

/// <summary>TCP services between a real HAProxy in front, which tells who the client is, and another one as the backend, which answers whom it was told.</summary>
public sealed class StreamPeersTests
{
    [Theory]
    [InlineData("send-proxy", "PROXY:PROXY", "accept-proxy", "127.0.0.2")]
    [InlineData("send-proxy-v2", "PROXY:PROXY", "accept-proxy", "127.0.0.2")]
    [InlineData("send-proxy-v2 proxy-v2-options unique-id,crc32c", "PROXY:PROXY", "accept-proxy", "127.0.0.2")]
    [InlineData("send-proxy-v2", "PROXY", "", "127.0.0.1")]
    [InlineData("", ":PROXY", "accept-proxy", "127.0.0.1")]
    public async Task The_client_is_told_from_proxy_to_proxy(string header, string entry, string bind, string client)
    {
        await using var world = await StreamWorld.StartAsync();
        var port = StreamWorld.FreePort();
        await using var haproxy = await HAProxy.StartAsync(
            2,
            ports =>
                $"""
                listen front
                  bind 127.0.0.1:{ports[0]}
                  server controller 127.0.0.1:{port} {header}
                listen peer
                  mode http
                  bind 127.0.0.1:{ports[1]} {bind}
                  http-request return status 200 content-type text/plain lf-string "%[src]"
                """);
        world.Peers(haproxy.Ports[1]);
        world.Map("tcp", $"\"{port}\": \"default/peer:stream:{entry}\"");
        await (await StreamWorld.ConnectAsync(port)).DisposeAsync();
        var (code, output, errors) = await RunningProgram.RunAsync(
            "curl", ["-sS", "--fail", "--noproxy", "*", "--interface", "127.0.0.2", $"http://127.0.0.1:{haproxy.Ports[0]}/"]);
        Assert.True(code == 0, output + errors + world.Controller.Program.Errors);
        Assert.Equal(client, output.Trim());
    }
}
