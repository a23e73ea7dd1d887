using IngressController.Proxy.Listening;

namespace IngressController.EndToEnd.Tls;

public sealed class Http3Tests
{
    [Fact]
    public async Task It_is_offered_where_there_is_quic_and_where_there_is_none_that_is_said_and_all_else_served()
    {
        await using var world = await TlsWorld.StartAsync(
            world =>
            {
                world.Write("secret", world.Authority.Server("a.test").Secret("a"));
                world.Write("a", TlsWorld.Ingress("a", "a.test", "{ hosts: [a.test], secretName: a }"));
            },
            "--http3", "--public-https-port", "8443");
        using var client = world.Client();
        using var answer = await client.GetAsync("https://a.test/");
        Assert.Equal(System.Net.HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(Http3Support.IsThere ? ["h3=\":8443\"; ma=86400"] : [], answer.Headers.TryGetValues("Alt-Svc", out var offered) ? offered : []);
        Assert.Equal(!Http3Support.IsThere, world.Controller.Program.Errors.Contains("this machine has no QUIC", StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_is_not_offered_unasked()
    {
        await using var world = await TlsWorld.StartAsync(world => world.Write("a", TlsWorld.Ingress("a", "a.test", "{ hosts: [a.test] }")));
        Assert.DoesNotContain("QUIC", world.Controller.Program.Errors, StringComparison.Ordinal);
    }
}
