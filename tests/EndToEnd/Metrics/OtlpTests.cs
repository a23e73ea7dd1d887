using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using IngressController.Testing;
using IngressController.Testing.Otlp;

namespace IngressController.EndToEnd.Metrics;

/// <summary>Metrics that are pushed to a collector.</summary>
public sealed class OtlpTests
{
    [Theory]
    [InlineData("grpc")]
    [InlineData("http")]
    public async Task A_collector_gets_everything_with_its_headers(string protocol)
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        using var files = new TemporaryDirectory();
        files.Write("headers", "x-tenant = edge one\n\n");
        await using var world = await MeasuredWorld.StartAsync(
            "--otlp-endpoint", (protocol == "grpc" ? receiver.Grpc : receiver.Http).ToString(), "--otlp-protocol", protocol, "--otlp-interval", "1s",
            "--otlp-header", "Authorization=Bearer a,b=c", "--otlp-headers-file", files.File("headers"));
        await world.TrafficAsync();
        PushedPoint? requests = null;
        await Eventually.TrueAsync(
            () => (requests = receiver.Pushes.SelectMany(push => PushedMetrics.Points(push.Message)).LastOrDefault(point => point.Name == "ingress.requests" && point.Attributes["ingress"] == "shop"))?.Value
                == MeasuredWorld.Answered + 1,
            $"the requests are pushed; refused: {string.Join("; ", receiver.Refused)}");
        Assert.Equal(("ingress.proxy", "{request}", "counter"), (requests!.Scope, requests.Unit, requests.Kind));
        Assert.Equal("2xx", requests.Attributes["status"]);
        var push = receiver.Pushes.Last();
        Assert.Equal("metrics Bearer a,b=c edge one", $"{push.Signal} {push.Headers["authorization"]} {push.Headers["x-tenant"]}");
        Assert.Equal(MeasuredWorld.Instance, PushedMetrics.Resource(push.Message)["service.instance.id"]);
        Assert.Contains(PushedMetrics.Points(push.Message), point => point is { Name: "ingress.request.duration", Kind: "histogram", Value: > 0 });
        Assert.Empty(receiver.Refused);
    }

    [Fact]
    public async Task What_happened_last_is_pushed_at_the_end()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var world = await MeasuredWorld.StartAsync("--otlp-endpoint", receiver.Grpc.ToString(), "--otlp-interval", "1h");
        await world.TrafficAsync();
        await world.Controller.Program.SignalAsync("TERM");
        Assert.Equal(0, await world.Controller.Program.ExitCodeAsync());
        Assert.Contains(PushedMetrics.Points(Assert.Single(receiver.Pushes).Message), point => point.Name == "ingress.requests" && point.Attributes["ingress"] == "shop" && point.Value == MeasuredWorld.Answered + 1);
    }

    [Fact]
    public async Task Where_nobody_listens_requests_go_on_and_one_line_says_so()
    {
        using var held = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp); // does not listen, and keeps the port from others
        held.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)held.LocalEndPoint!).Port;
        await using var world = await MeasuredWorld.StartAsync("--otlp-endpoint", $"http://127.0.0.1:{port}", "--otlp-protocol", "http", "--otlp-interval", "1s", "--otlp-header", "key=secret");
        await world.Controller.Program.SaysAsync($"The metrics could not be pushed to http://127.0.0.1:{port}/");
        await world.TrafficAsync();
        held.Dispose();
        await using var late = await OtlpReceiver.StartAsync(port);
        await world.Controller.Program.SaysAsync("The metrics are pushed to");
        Assert.NotEmpty(late.Pushes);
        Assert.Single(Regex.Matches(world.Controller.Program.Errors, "could not be pushed"));
        Assert.DoesNotContain("secret", world.Controller.Program.Errors, StringComparison.Ordinal);
    }
}
