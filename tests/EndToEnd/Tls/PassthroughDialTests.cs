using System.Net.NetworkInformation;
using System.Net.Sockets;
using IngressController.Testing;
using static IngressController.EndToEnd.Tls.PassthroughWorld;

namespace IngressController.EndToEnd.Tls;

/// <summary>Connections that are passed through, while their backend does not answer yet.</summary>
public sealed class PassthroughDialTests
{
    [Fact]
    public async Task Connecting_to_the_backend_ends_with_the_grace_period()
    {
        using var backend = new SilentListener();
        var before = ConnectingTo(backend.Destination.Port);
        await using var world = await StartAsync(
            backend.Destination.Port, $"{Passing}, nginx.ingress.kubernetes.io/proxy-connect-timeout: \"75\"", "--shutdown-grace-period", "1s");
        using var connection = new TcpClient();
        await connection.ConnectAsync(world.Controller.Https.Host, world.Controller.Https.Port);
        await connection.GetStream().WriteAsync(await HelloAsync("pass.test"));
        await Eventually.TrueAsync(() => ConnectingTo(backend.Destination.Port) > before, "it connects");
        await world.Controller.Program.SignalAsync("TERM");
        Assert.Equal(0, await world.Controller.Program.ExitCodeAsync());
        Assert.Matches(@"(?m) - pass\.test 502 .* ShuttingDown$", world.Controller.Program.Output);
    }

    [Fact]
    public async Task A_client_may_break_off_before_the_backend_is_reached()
    {
        using var backend = new SilentListener();
        var before = ConnectingTo(backend.Destination.Port);
        await using var world = await StartAsync(backend.Destination.Port, $"{Passing}, nginx.ingress.kubernetes.io/proxy-connect-timeout: \"75\"");
        using var connection = new TcpClient();
        await connection.ConnectAsync(world.Controller.Https.Host, world.Controller.Https.Port);
        await connection.GetStream().WriteAsync(await HelloAsync("pass.test"));
        await Eventually.TrueAsync(() => ConnectingTo(backend.Destination.Port) > before, "it connects");
        connection.Client.Close(0);
        using var end = new CancellationTokenSource();
        var accepting = backend.AcceptAsync(end.Token);
        await world.Controller.Program.SaysAsync(@"(?m) - pass\.test 200 .* ClientClosed$");
        await end.CancelAsync();
        await accepting;
    }

    private static int ConnectingTo(int port) =>
        IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpConnections().Count(one => one.RemoteEndPoint.Port == port && one.State == TcpState.SynSent);
}
