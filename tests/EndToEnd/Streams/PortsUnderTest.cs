using System.Net;
using IngressController.EndToEnd.Proxy;
using IngressController.Proxy;
using IngressController.Proxy.Streams;
using IngressController.Routing.Model;
using IngressController.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace IngressController.EndToEnd.Streams;

/// <summary>Ports of TCP and UDP services of a <see cref="ProxyUnderTest"/>.</summary>
internal static class PortsUnderTest
{
    public static void Here(ProxyOptions options) => options.BindAddress = IPAddress.Loopback;

    public static StreamPorts Ports(ProxyUnderTest proxy) => proxy.Services.GetRequiredService<StreamPorts>();

    public static RawBackend EchoPeer() => new((stream, stop) => stream.CopyToAsync(stream, stop));

    /// <returns>The port.</returns>
    public static async Task<int> OpenAsync(ProxyUnderTest proxy, Destination peer)
    {
        var port = StreamWorld.FreePort();
        await Eventually.TrueAsync(
            () =>
            {
                Ports(proxy).Apply(proxy.Model.Stream(StreamProtocol.Tcp, port, peer));
                return Ports(proxy).FailedTries == 0;
            },
            "the port opens");
        return port;
    }
}
