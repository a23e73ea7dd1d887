using System.Text.RegularExpressions;
using IngressController.Testing;

namespace IngressController.EndToEnd.Tls;

public sealed class TlsOptionsTests
{
    /// <summary>Debian's openssl does not speak the old versions unless asked in these words.</summary>
    private const string Weak = "-cipher ALL:@SECLEVEL=0";

    private const string Request = @"GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n";

    [Fact]
    public async Task Tls_1_2_and_1_3_are_spoken_and_nothing_older()
    {
        await using var world = await StartAsync();
        Assert.Contains("Protocol  : TLSv1.2", await OpenSsl.ClientAsync(world.Controller, "a.test", "-tls1_2"), StringComparison.Ordinal);
        Assert.Contains("New, TLSv1.3, Cipher is TLS_", await OpenSsl.ClientAsync(world.Controller, "a.test", "-tls1_3"), StringComparison.Ordinal);
        foreach (var version in new[] { "-tls1_1", "-tls1" })
        {
            Assert.Contains("Cipher is (NONE)", await OpenSsl.ClientAsync(world.Controller, "a.test", $"{version} {Weak}"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_minimum_of_1_3_refuses_1_2()
    {
        await using var world = await StartAsync("--tls-min-version", "1.3");
        Assert.Contains("New, TLSv1.3, Cipher is TLS_", await OpenSsl.ClientAsync(world.Controller, "a.test", "-tls1_3"), StringComparison.Ordinal);
        Assert.Contains("Cipher is (NONE)", await OpenSsl.ClientAsync(world.Controller, "a.test", "-tls1_2"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AES256-GCM-SHA384")] // no forward secrecy
    [InlineData("ECDHE-ECDSA-AES128-SHA")] // SHA-1
    [InlineData("ECDHE-ECDSA-NULL-SHA")]
    [InlineData("ADH-AES128-GCM-SHA256")]
    public async Task Weak_ciphers_are_not_taken(string cipher)
    {
        await using var world = await StartAsync();
        Assert.Contains("Cipher is (NONE)", await OpenSsl.ClientAsync(world.Controller, "a.test", $"-tls1_2 -cipher {cipher}:@SECLEVEL=0"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_the_ciphers_that_are_named_are_spoken_under_either_kind_of_name()
    {
        await using var world = await StartAsync("--tls-ciphers", "ECDHE-ECDSA-AES256-GCM-SHA384", "--tls-ciphers", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");
        Assert.Contains("Cipher is ECDHE-ECDSA-AES256-GCM-SHA384", await OpenSsl.ClientAsync(world.Controller, "a.test", "-tls1_2"), StringComparison.Ordinal);
        Assert.Contains("Cipher is (NONE)", await OpenSsl.ClientAsync(world.Controller, "a.test", "-tls1_2 -cipher ECDHE-ECDSA-AES128-GCM-SHA256"), StringComparison.Ordinal);
        Assert.Contains("Cipher is TLS_", await OpenSsl.ClientAsync(world.Controller, "a.test", "-tls1_3"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-alpn h2,http/1.1", "ALPN protocol: h2")]
    [InlineData("-alpn http/1.1", "ALPN protocol: http/1.1")]
    [InlineData("", "No ALPN negotiated")]
    public async Task Alpn_offers_both_versions_of_http_and_may_be_absent(string offer, string expected)
    {
        await using var world = await StartAsync();
        Assert.Contains(expected, await OpenSsl.ClientAsync(world.Controller, "a.test", offer), StringComparison.Ordinal);
        if (!offer.Contains("h2", StringComparison.Ordinal))
        {
            Assert.Contains("HTTP/1.1 200 OK", await OpenSsl.ClientAsync(world.Controller, "a.test", $"-ign_eof {offer}", Request), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public async Task A_session_is_resumed_on_another_connection(string version)
    {
        await using var world = await StartAsync();
        using var directory = new TemporaryDirectory();
        var session = directory.File("session");
        Assert.Contains("New, TLSv1", await OpenSsl.ClientAsync(world.Controller, "a.test", $"{version} -ign_eof -sess_out {session}", Request), StringComparison.Ordinal);
        for (var connection = 0; connection < 3; connection++)
        {
            Assert.Contains("Reused, TLSv1", await OpenSsl.ClientAsync(world.Controller, "a.test", $"{version} -ign_eof -sess_in {session}", Request), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Reconnecting_reuses_the_session()
    {
        await using var world = await StartAsync();
        Assert.Equal(5, Regex.Count(await OpenSsl.ClientAsync(world.Controller, "a.test", "-tls1_2 -reconnect"), "(?m)^Reused, TLSv1.2"));
    }

    [Fact]
    public async Task A_request_without_tls_is_told_so()
    {
        await using var world = await StartAsync();
        var (code, output, errors) = await RunningProgram.RunAsync("curl", ["-sS", "-i", "--noproxy", "*", $"http://{world.Controller.Https.Host}:{world.Controller.Https.Port}/"]);
        Assert.True(code == 0, errors);
        Assert.StartsWith("HTTP/1.1 400 Bad Request\n", output, StringComparison.Ordinal);
        Assert.EndsWith("This port speaks HTTPS, not plain HTTP\n", output, StringComparison.Ordinal);
    }

    private static Task<TlsWorld> StartAsync(params string[] flags) => TlsWorld.StartAsync(
        world =>
        {
            world.Write("secret", world.Authority.Server("a.test").Secret("a"));
            world.Write("a", TlsWorld.Ingress("a", "a.test", "{ hosts: [a.test], secretName: a }"));
        },
        flags);
}
