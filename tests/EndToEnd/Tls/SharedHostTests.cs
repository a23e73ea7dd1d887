using System.Text.Json.Nodes;
using IngressController.Testing;
using IngressController.Testing.Tls;

namespace IngressController.EndToEnd.Tls;

public sealed class SharedHostTests(SharedHosts hosts) : IClassFixture<SharedHosts>
{
    private TlsWorld World => hosts.World;

    [Theory]
    [InlineData("opt.test/", null, 200)]
    [InlineData("opt.test/", "clients", 200)]
    [InlineData("opt.test/", "others", 400)]
    [InlineData("opt.test/same", null, 200)]
    [InlineData("opt.test/silent", null, 200)]
    [InlineData("opt.test/admin", null, 503)]
    [InlineData("opt.test/admin", "clients", 503)]
    [InlineData("opt.test/cn", null, 503)]
    [InlineData("opt.test/cn", "clients", 503)]
    [InlineData("opt.test/deep", "clients", 503)]
    [InlineData("must.test/", null, 400)]
    [InlineData("must.test/", "clients", 200)]
    [InlineData("must.test/b", "clients", 503)]
    [InlineData("must.test/b", "others", 400)]
    [InlineData("must.test/any", "clients", 503)]
    [InlineData("must.test/silent", null, 400)]
    [InlineData("must.test/silent", "clients", 200)]
    public async Task Paths_are_never_served_under_other_client_certificates_than_their_ingress_asks_for(string place, string? authority, int status)
    {
        var certificate = authority is null ? null : (authority == "clients" ? hosts.Clients : hosts.Others).Client("CN=anna");
        Assert.Equal(status, await AskAsync(World, $"https://{place}", certificate));
    }

    [Fact]
    public async Task What_closes_them_is_told_with_its_cure() => await World.Controller.Program.SaysAsync(
        "TlsConflict: Ingress default/opt-admin metadata.annotations: Ingress default/opt, .* differs in auth-tls-verify-client; its own paths there answer 503, .* Make the settings the same");

    [Theory]
    [InlineData("plain.test")]
    [InlineData("sse.test")]
    [InlineData("taken.test")]
    [InlineData("own-optional.test")]
    [InlineData("own-must.test")]
    [InlineData("own-missing.test")]
    [InlineData("anything.test")]
    public async Task A_host_keeps_the_redirect_of_its_wildcard_whatever_else_is_said_of_it(string host)
    {
        Assert.StartsWith("HTTP/1.1 308 ", await World.GetRawAsync(host, "/"), StringComparison.Ordinal);
        Assert.Contains("\nanswer   308: redirected to https", await ExplainAsync($"http://{host}/"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plain.test")]
    [InlineData("sse.test")]
    [InlineData("taken.test")]
    [InlineData("grabbed.test")]
    [InlineData("own-optional.test")]
    [InlineData("own-missing.test")]
    [InlineData("own-junk.test")]
    [InlineData("anything.test")]
    public async Task A_host_keeps_the_certificate_of_its_wildcard_where_it_has_none_of_its_own(string host)
    {
        Assert.Equal(hosts.Wildcard.Serial, await World.SerialAsync(host));
        Assert.Contains("\ntls      clients are shown the certificate of Secret default/wild\n", await ExplainAsync($"https://{host}/"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plain.test")]
    [InlineData("grabbed.test")]
    [InlineData("own-must.test")]
    [InlineData("own-junk.test")]
    [InlineData("*.test")]
    public async Task The_api_says_the_same(string host)
    {
        var tls = JsonNode.Parse(await World.Controller.Admin.GetStringAsync($"/api/hosts/{host}").InTime())!["tls"]!;
        Assert.Equal(("terminated", "default/wild", true), ((string)tls["kind"]!, (string?)tls["certificate"], (bool)tls["redirect"]!));
    }

    [Fact]
    public async Task When_the_oldest_goes_the_next_one_decides_and_its_paths_open()
    {
        using var clients = TestAuthority.Create("clients");
        await using var world = await TlsWorld.StartAsync(world =>
        {
            world.Write("secrets", world.Authority.Server("a.test").Secret("a") + "\n---\n" + clients.Secret("ca"));
            world.Write("old", Asking("old", 2021, "/", "optional"));
            world.Write("next", Asking("next", 2022, "/next", "\"on\""));
            world.Write("last", Asking("last", 2023, "/last", "optional"));
        });
        Assert.Equal((503, 200), await AnswersAsync(null));
        world.Delete("old");
        await Eventually.TrueAsync(async () => await AnswersAsync(clients.Client("CN=anna")) == (200, 503), "the next one decides");
        Assert.Equal(400, await AskAsync(world, "https://a.test/next", null));
        world.Write("old", Asking("old", 2021, "/", "optional"));
        await Eventually.TrueAsync(async () => await AnswersAsync(null) == (503, 200), "the oldest decides again");

        async Task<(int Next, int Last)> AnswersAsync(TestCertificate? certificate) => (await AskAsync(world, "https://a.test/next", certificate), await AskAsync(world, "https://a.test/last", certificate));

        static string Asking(string name, int year, string path, string verify) => SharedHosts.Ingress(
            name, year, "a.test", path, $"nginx.ingress.kubernetes.io/auth-tls-secret: default/ca, nginx.ingress.kubernetes.io/auth-tls-verify-client: {verify}", "{ hosts: [a.test], secretName: a }");
    }

    private static async Task<int> AskAsync(TlsWorld world, string url, TestCertificate? certificate)
    {
        using var client = world.Client(certificate);
        using var answer = await client.GetAsync(url).InTime();
        return (int)answer.StatusCode;
    }

    private async Task<string> ExplainAsync(string url) => (await ControllerProcess.RunAsync("explain", url, "--manifests", World.Manifests)).Output;
}
