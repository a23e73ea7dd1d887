using System.Buffers.Text;
using System.Globalization;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using IngressController.EndToEnd.Acme.Dns;
using IngressController.Testing;
using IngressController.Testing.Acme.Pebble;

namespace IngressController.EndToEnd.Acme.Running;

/// <summary>From an annotation to https that anybody can verify, by the real program and by Pebble, which was not made by us.</summary>
public sealed class FromNothingTests
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task A_host_is_proven_over_http_its_certificate_is_kept_and_after_a_restart_it_is_not_ordered_again()
    {
        await using var program = await AcmeProgram.PrepareAsync();
        await using var pebble = await PebbleProcess.StartAsync(new() { HttpPort = program.HttpPort, TlsPort = program.HttpsPort });
        var root = await pebble.RootAsync();
        program.Ask("shop", "shop.example.com");
        await program.RunAsync(pebble.Directory, pebble.CaBundle, "--acme-challenge", "http-01");
        string first;
        using (var visitor = new Visitor(program.Controller, root))
        {
            first = await visitor.ShownAsync("shop.example.com");
        }

        await AskedByCurlAsync(program, root, "shop.example.com");
        var metrics = await program.Controller.Admin.GetStringAsync("/metrics");
        Assert.Contains("\ningress_acme_orders_total{issuer=\"default\",outcome=\"issued\"} 1", metrics, StringComparison.Ordinal);
        Assert.Contains("\ningress_acme_certificates{state=\"issued\"} 1", metrics, StringComparison.Ordinal);
        Assert.NotEmpty(program.KeptFiles);
        Assert.All(program.KeptFiles, file => Assert.Equal((file, OwnerOnly), (file, File.GetUnixFileMode(file))));

        await program.EndAsync();
        await program.RunAsync(pebble.Directory, pebble.CaBundle, "--acme-challenge", "http-01");
        program.Ask("later", "later.example.com");
        using var next = new Visitor(program.Controller, root);
        await next.ShownAsync("later.example.com"); // so it has looked what there is to order
        Assert.Equal(first, await next.ShownAsync("shop.example.com"));
        Assert.Equal(2, Issued(pebble));
        Assert.Single(Regex.Matches(pebble.Log, "There are now [0-9]+ accounts in memory"));
    }

    [Fact]
    public async Task A_host_is_proven_over_TLS_by_an_account_that_is_bound_to_another()
    {
        var key = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        await using var program = await AcmeProgram.PrepareAsync();
        await using var pebble = await PebbleProcess.StartAsync(
            new() { TlsPort = program.HttpsPort, ExternalAccounts = new Dictionary<string, string> { ["customer-7"] = key } });
        program.Ask("shop", "shop.example.com");
        await program.RunAsync(
            pebble.Directory, pebble.CaBundle, "--acme-challenge", "tls-alpn-01", "--acme-eab-key-id", "customer-7", "--acme-eab-key-file", program.Write("binding", key + "\n"), "--acme-key-type", "rsa-2048");
        using var visitor = new Visitor(program.Controller, await pebble.RootAsync(), version: 2);
        await visitor.ShownAsync("shop.example.com");
    }

    [Fact]
    public async Task A_wildcard_is_proven_through_the_name_server_that_the_authority_asks()
    {
        await using var program = await AcmeProgram.PrepareAsync();
        await using var bind = await Bind.StartAsync();
        await using var pebble = await PebbleProcess.StartAsync(new() { DnsPort = bind.Server.Port });
        program.Ask("all", "*.a.test");
        await program.RunAsync(
            pebble.Directory, pebble.CaBundle, "--acme-allow-internal-names", "--acme-challenge", "dns-01", "--acme-dns-server", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{bind.Server.Port}"),
            "--acme-dns-tsig-name", bind.Server.Key!.Name, "--acme-dns-tsig-secret-file", program.Write("tsig", Convert.ToBase64String(bind.Server.Key.Secret.AsSpan())));
        using var visitor = new Visitor(program.Controller, await pebble.RootAsync());
        await visitor.ShownAsync("any.a.test");
        await Eventually.TrueAsync(async () => !(await bind.TextsAsync("_acme-challenge.a.test")).Any(), "the record is gone");
    }

    private static int Issued(PebbleProcess pebble) => Regex.Count(pebble.Log, "Issued certificate serial");

    private static async Task AskedByCurlAsync(AcmeProgram program, string root, string host)
    {
        var port = program.Controller.Https.Port;
        var (code, output, errors) = await RunningProgram.RunAsync(
            "curl", ["--silent", "--show-error", "--fail", "--cacert", program.Write("root.pem", root), "--connect-to", string.Create(CultureInfo.InvariantCulture, $"{host}:443:127.0.0.1:{port}"), $"https://{host}/"]);
        Assert.True(code == 0, errors);
        Assert.Contains("\"target\":\"/\"", output, StringComparison.Ordinal);
    }
}
