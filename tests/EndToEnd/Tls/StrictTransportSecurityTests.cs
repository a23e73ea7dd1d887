using System.Net;
using IngressController.Testing;

namespace IngressController.EndToEnd.Tls;

public sealed class StrictTransportSecurityTests
{
    [Fact]
    public async Task Answers_over_tls_say_it_and_no_others()
    {
        await using var world = await TlsWorld.StartAsync(
            world =>
            {
                world.Write("secret", world.Authority.Server("a.test", "own.test", "never.test", "bare.test", "down.test", "path.test", "nobody.test").Secret("all"));
                Write(world, "a");
                Write(world, "own", "nginx.ingress.kubernetes.io/hsts-max-age: \"7\", nginx.ingress.kubernetes.io/hsts-include-subdomains: \"true\"");
                Write(world, "never", "nginx.ingress.kubernetes.io/hsts: \"false\"");
                world.Write("down", TlsWorld.Ingress("down", "down.test", "{ hosts: [down.test], secretName: all }").Replace("name: web,", "name: none,", StringComparison.Ordinal));
                world.Write("path", TlsWorld.Ingress("path", "path.test", "{ hosts: [path.test], secretName: all }").Replace("path: /,", "path: /only,", StringComparison.Ordinal));
            },
            "--hsts", "max-age=100; preload", "--default-tls-secret", "default/all");
        world.Backend.Answer = context =>
        {
            context.Response.Headers.StrictTransportSecurity = "max-age=1";
            return Task.CompletedTask;
        };

        Assert.Equal((HttpStatusCode.OK, "max-age=100; preload"), await AskAsync(world, "https://a.test/"));
        Assert.Equal((HttpStatusCode.OK, "max-age=7; includeSubDomains"), await AskAsync(world, "https://own.test/"));
        Assert.Equal((HttpStatusCode.OK, "max-age=1"), await AskAsync(world, "https://never.test/"));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "max-age=100; preload"), await AskAsync(world, "https://down.test/"));
        Assert.Equal((HttpStatusCode.NotFound, "max-age=100; preload"), await AskAsync(world, "https://path.test/"));
        Assert.Equal((HttpStatusCode.NotFound, ""), await AskAsync(world, "https://nobody.test/"));
        Assert.Equal((HttpStatusCode.PermanentRedirect, ""), await AskAsync(world, "http://a.test/"));

        world.Backend.Answer = static _ => Task.CompletedTask;
        Assert.Equal((HttpStatusCode.OK, ""), await AskAsync(world, "http://a.test/.well-known/acme-challenge/x"));
        Assert.Equal((HttpStatusCode.OK, ""), await AskAsync(world, "https://never.test/"));
    }

    private static void Write(TlsWorld world, string name, string annotations = "") =>
        world.Write(name, TlsWorld.Ingress(name, $"{name}.test", $"{{ hosts: [{name}.test], secretName: all }}", annotations));

    private static async Task<(HttpStatusCode Status, string Header)> AskAsync(TlsWorld world, string url)
    {
        using var client = world.Client();
        using var answer = await client.GetAsync(url).InTime();
        return (answer.StatusCode, answer.Headers.TryGetValues("Strict-Transport-Security", out var values) ? string.Join('|', values) : "");
    }
}
