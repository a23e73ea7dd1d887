using IngressController.Testing;

namespace IngressController.EndToEnd.Tls;

/// <summary>HTTP/2 over TLS with clients that were not made for .NET.</summary>
public sealed class ProtocolTests
{
    [Fact]
    public async Task H2load_has_every_request_answered_over_many_streams()
    {
        await using var world = await StartAsync();

        var (_, output, errors) = await RunningProgram.RunAsync(
            "h2load", ["-n", "400", "-c", "4", "-m", "50", $"--connect-to={world.Controller.Https.Authority}", "https://a.test/"]);

        Assert.True(output.Contains("400 succeeded, 0 failed, 0 errored, 0 timeout", StringComparison.Ordinal), output + errors);
        Assert.Contains("Application protocol: h2", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nghttp_is_answered_over_HTTP_2()
    {
        await using var world = await StartAsync();

        var (exitCode, output, errors) = await RunningProgram.RunAsync(
            "nghttp", ["-v", "-n", "-H", ":authority: a.test", $"{world.Controller.Https}hello?x=1"]);

        Assert.True(exitCode == 0 && output.Contains(":status: 200", StringComparison.Ordinal), output + errors);
        Assert.Equal(("/hello?x=1", "a.test"), (world.Backend.Single.Target, world.Backend.Single.Header("Host")));
    }

    private static Task<TlsWorld> StartAsync() => TlsWorld.StartAsync(world =>
    {
        world.Write("secret", world.Authority.Server("a.test").Secret("a"));
        world.Write("a", TlsWorld.Ingress("a", "a.test", "{ hosts: [a.test], secretName: a }"));
    });
}
