using System.Net.Security;
using IngressController.Testing;
using IngressController.Testing.Tls;

namespace IngressController.EndToEnd.Tls;

public sealed class CertificateTests
{
    [Fact]
    public async Task A_client_that_trusts_the_authority_is_answered_over_tls()
    {
        await using var world = await TlsWorld.StartAsync(world =>
        {
            world.Write("secret", world.Authority.Intermediate().Server("a.test").Secret("a"));
            world.Write("a", TlsWorld.Ingress("a", "a.test", "{ hosts: [a.test], secretName: a }"));
        });
        using var client = world.Client();
        using var answer = await client.GetAsync("https://a.test/hello");
        Assert.Equal(System.Net.HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("https", world.Backend.Single.Header("X-Forwarded-Proto"));
    }

    [Fact]
    public async Task A_certificate_that_changes_is_used_by_the_next_handshake()
    {
        await using var world = await TlsWorld.StartAsync(world => world.Write("a", TlsWorld.Ingress("a", "a.test", "{ hosts: [a.test], secretName: a }")));
        var selfSigned = await world.SerialAsync("a.test");
        foreach (var certificate in new[] { world.Authority.Server("a.test"), world.Authority.RsaServer("a.test") })
        {
            world.Write("secret", certificate.Secret("a"));
            await Eventually.TrueAsync(async () => await world.SerialAsync("a.test") == certificate.Serial, "the new certificate");
        }

        world.Delete("secret");
        await Eventually.TrueAsync(async () => await world.SerialAsync("a.test") == selfSigned, "the default certificate");
    }

    [Fact]
    public async Task The_chain_is_sent_whole()
    {
        await using var world = await TlsWorld.StartAsync(world =>
        {
            world.Write("secret", world.Authority.Intermediate("first").Intermediate("second").Server("a.test").Secret("a"));
            world.Write("a", TlsWorld.Ingress("a", "a.test", "{ hosts: [a.test], secretName: a }"));
            File.WriteAllText(world.RootFile, world.Authority.Pem);
        });
        var said = await world.ShakeHandsAsync("-servername", "a.test", "-showcerts", "-CAfile", world.RootFile);
        Assert.Equal(["CN = a.test", "CN = second", "CN = first"], System.Text.RegularExpressions.Regex.Matches(said, @"^ *\d s:(.*)$", System.Text.RegularExpressions.RegexOptions.Multiline).Select(sent => sent.Groups[1].Value));
        Assert.Contains("Verify return code: 0 (ok)", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ECDSA")]
    [InlineData("ECDSA", "-tls1_2")]
    [InlineData("RSA-PSS", "-sigalgs", "RSA-PSS+SHA256")]
    [InlineData("RSA-PSS", "-tls1_2", "-cipher", "ECDHE-RSA-AES128-GCM-SHA256")]
    public async Task Of_an_rsa_and_an_ecdsa_certificate_the_one_that_the_client_takes_is_served(string expected, params string[] options)
    {
        await using var world = await TlsWorld.StartAsync(world =>
        {
            world.Write("rsa", world.Authority.RsaServer("a.test").Secret("rsa"));
            world.Write("ecdsa", world.Authority.Server("a.test").Secret("ecdsa"));
            world.Write("a", TlsWorld.Ingress("a", "a.test", "{ hosts: [a.test], secretName: rsa }, { hosts: [a.test], secretName: ecdsa }"));
        });
        Assert.Contains($"Peer signature type: {expected}", await world.ShakeHandsAsync(["-servername", "a.test", .. options]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_that_no_certificate_is_for_get_the_default_one()
    {
        TestCertificate exact = null!, wildcard = null!, fallback = null!;
        await using var world = await TlsWorld.StartAsync(
            world =>
            {
                (exact, wildcard, fallback) = (world.Authority.Server("a.x.test"), world.Authority.Server("*.x.test"), world.Authority.Server("f.test"));
                world.Write("certificates", string.Join("\n---\n", exact.Secret("exact"), wildcard.Secret("wild"), fallback.Secret("fallback")));
                world.Write("a", TlsWorld.Ingress("a", "a.x.test", "{ hosts: [a.x.test], secretName: exact }"));
                world.Write("w", TlsWorld.Ingress("w", "*.x.test", "{ secretName: wild }"));
                world.Write("n", TlsWorld.Ingress("n", "n.test", "{ hosts: [n.test] }"));
            },
            "--default-tls-secret",
            "default/fallback");
        Assert.Equal(
            [exact.Serial, wildcard.Serial, wildcard.Serial, fallback.Serial, fallback.Serial, fallback.Serial, fallback.Serial],
            [
                await world.SerialAsync("a.x.test"),
                await world.SerialAsync("b.x.test"),
                await world.SerialAsync("c.x.test"),
                await world.SerialAsync("c.b.x.test"),
                await world.SerialAsync("n.test"),
                await world.SerialAsync("unknown.test"),
                await world.SerialAsync(""),
            ]);
    }

    [Fact]
    public async Task Bad_secrets_are_said_and_cost_nobody_else_anything()
    {
        TestCertificate good = null!, other = null!;
        await using var world = await TlsWorld.StartAsync(world =>
        {
            (good, other) = (world.Authority.Server("good.test"), world.Authority.Server("elsewhere.test"));
            world.Write("good", good.Secret("good") + "\n---\n" + TlsWorld.Ingress("good", "good.test", "{ hosts: [good.test], secretName: good }"));
            Bad("mismatch", good.Secret("mismatch", other.KeyPem));
            Bad("foreign", other.Secret("foreign"));
            Bad("ended", world.Authority.Server(TimeSpan.FromHours(-1), "ended.test").Secret("ended"));
            Bad("soon", world.Authority.Server(TimeSpan.FromHours(6), "soon.test").Secret("soon"));
            Bad("junk", good.Secret("junk", certificates: new string('x', 1_000_000)));
            world.Write("missing", TlsWorld.Ingress("missing", "missing.test", "{ hosts: [missing.test], secretName: missing }"));

            void Bad(string name, string secret) =>
                world.Write(name, secret + "\n---\n" + TlsWorld.Ingress(name, $"{name}.test", $"{{ hosts: [{name}.test], secretName: {name} }}"));
        });
        foreach (var (code, name) in new[]
        {
            ("CertificateInvalid", "mismatch"), ("CertificateNotForHost", "foreign"), ("CertificateExpiry", "ended"), ("CertificateExpiry", "soon"), ("CertificateInvalid", "junk"),
            ("CertificateMissing", "missing"),
        })
        {
            await world.Controller.Program.SaysAsync($@"{code}: Ingress default/{name} spec\.tls\[0\]: .*Secret default/{name}");
        }

        var selfSigned = await world.SerialAsync("");
        Assert.Equal(
            [good.Serial, other.Serial, selfSigned, selfSigned, selfSigned],
            [await world.SerialAsync("good.test"), await world.SerialAsync("foreign.test"), await world.SerialAsync("mismatch.test"), await world.SerialAsync("junk.test"), await world.SerialAsync("missing.test")]);
        var (exitCode, output, _) = await ControllerProcess.RunAsync("check", world.Manifests);
        Assert.Equal(1, exitCode);
        Assert.Matches(@"ended\.yaml:\d+: error CertificateExpiry: Ingress default/ended spec\.tls\[0\]: ", output);
    }

    [Fact]
    public async Task A_change_under_load_drops_no_connection_and_fails_no_handshake()
    {
        await using var world = await TlsWorld.StartAsync(world =>
        {
            world.Write("secret", world.Authority.Server("a.test").Secret("a"));
            world.Write("a", TlsWorld.Ingress("a", "a.test", "{ hosts: [a.test], secretName: a }"));
        });
        await using var held = await world.ShakeHandsAsync("a.test");
        using var stop = new CancellationTokenSource();
        var (newest, old) = ("", 0);
        var clients = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            var handshakes = 0;
            for (; !stop.IsCancellationRequested; handshakes++)
            {
                var expected = Volatile.Read(ref newest);
                var isOther = await world.SerialAsync("a.test") != expected;
                if (isOther && expected.Length > 0 && Volatile.Read(ref newest) == expected)
                {
                    Interlocked.Increment(ref old); // no change was under way from its beginning to its end
                }
            }

            return handshakes;
        })).ToList();
        for (var change = 0; change < 3; change++)
        {
            var certificate = world.Authority.Server("a.test");
            Volatile.Write(ref newest, "");
            world.Write("secret", certificate.Secret("a"));
            await Eventually.TrueAsync(async () => await world.SerialAsync("a.test") == certificate.Serial, "the new certificate");
            Volatile.Write(ref newest, certificate.Serial);
            await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => world.SerialAsync("a.test")));
        }

        await stop.CancelAsync();
        Assert.All(await Task.WhenAll(clients).InTime(), handshakes => Assert.True(handshakes > 5, $"only {handshakes} handshakes"));
        Assert.Equal(0, old);
        Assert.StartsWith("HTTP/1.1 200", await AskAsync(held), StringComparison.Ordinal);
    }

    private static async Task<string> AskAsync(SslStream connection)
    {
        await connection.WriteAsync("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n"u8.ToArray());
        var answer = new byte[4096];
        return System.Text.Encoding.ASCII.GetString(answer, 0, await connection.ReadAsync(answer).AsTask().InTime());
    }
}
