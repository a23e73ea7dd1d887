using System.Formats.Asn1;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using IngressController.Certificates.Acme;
using IngressController.EndToEnd.Tls;
using IngressController.Testing;

namespace IngressController.EndToEnd.Acme;

/// <summary>RFC 8737, seen from an authority.</summary>
public sealed class TlsChallengeTests(ChallengeHosts hosts) : IClassFixture<ChallengeHosts>
{
    private static readonly SslApplicationProtocol Protocol = new("acme-tls/1");

    private readonly ChallengeWorld world = hosts.World;

    [Theory]
    [InlineData("tls-plain.test", SslProtocols.Tls12)]
    [InlineData("tls-plain.test", SslProtocols.Tls13)]
    [InlineData("tls-secret.test", SslProtocols.Tls13)]
    [InlineData("tls-must.test", SslProtocols.Tls12)] // others would be asked for a certificate
    [InlineData("tls-must.test", SslProtocols.Tls13)]
    [InlineData("tls-pass.test", SslProtocols.Tls13)] // others would get to the backend
    [InlineData("tls-ruleless.test", SslProtocols.Tls13)]
    [InlineData("TLS-Plain.test", SslProtocols.Tls13)]
    public async Task An_authority_is_shown_the_certificate_for_its_token_and_the_connection_ends(string host, SslProtocols version)
    {
        await using var stream = await world.Tls.ShakeHandsAsync(host, options => (options.ApplicationProtocols, options.EnabledSslProtocols) = ([Protocol], version));
        Assert.Equal(Protocol, stream.NegotiatedApplicationProtocol);
        using var shown = new X509Certificate2(stream.RemoteCertificate!);
        Assert.Equal([host.ToLowerInvariant()], shown.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single().EnumerateDnsNames());
        Assert.Equal(Digest($"token-of_{host.ToLowerInvariant().Replace('.', '_')}"), IdentifierOf(shown));
        Assert.Equal(0, await ReadAsync(stream).InTime());
        Assert.Empty(hosts.Secure.Requests);
    }

    [Theory]
    [InlineData("tls-plain.test")]
    [InlineData("tls-pass.test")]
    public async Task Everybody_else_sees_the_certificate_of_the_host(string host)
    {
        foreach (var protocols in new SslApplicationProtocol[][] { [], [SslApplicationProtocol.Http11], [Protocol, SslApplicationProtocol.Http11] })
        {
            await using var stream = await world.Tls.ShakeHandsAsync(host, options => options.ApplicationProtocols = [.. protocols]);
            using var shown = new X509Certificate2(stream.RemoteCertificate!);
            Assert.DoesNotContain(shown.Extensions, extension => extension.Oid!.Value == "1.3.6.1.5.5.7.1.31");
            Assert.Equal(host == "tls-pass.test", shown.SerialNumber == SelfSigned.Certificate.SerialNumber);
        }
    }

    [Theory]
    [InlineData("idle-plain.test")]
    [InlineData("plain.test")] // proven over http
    [InlineData("idle-must.test")]
    [InlineData("")]
    public async Task Where_nothing_is_pending_there_is_no_handshake_for_it(string host) =>
        await Assert.ThrowsAnyAsync<Exception>(() => world.Tls.ShakeHandsAsync(host, options => options.ApplicationProtocols = [Protocol]).InTime());

    /// <summary>TLS ends at the backend there: it may obtain certificates of its own.</summary>
    [Fact]
    public async Task Where_nothing_is_pending_a_connection_is_passed_through_as_ever()
    {
        await using var own = await EchoBackend.StartAsync(tls: true, https: https => https.OnAuthenticate = (_, options) => options.ApplicationProtocols = [Protocol]);
        await using var other = await ChallengeWorld.StartAsync(own.Port);
        await using var stream = await other.Tls.ShakeHandsAsync("idle-pass.test", options => options.ApplicationProtocols = [Protocol]);
        Assert.Equal(SelfSigned.Certificate.SerialNumber, new X509Certificate2(stream.RemoteCertificate!).SerialNumber);
    }

    [Fact]
    public async Task Another_client_than_ours_sees_it_too()
    {
        var said = await OpenSsl.ClientAsync(world.Tls.Controller, "tls-secret.test", "-alpn acme-tls/1 </dev/null | openssl x509 -noout -text");
        Assert.Contains("DNS:tls-secret.test", said, StringComparison.Ordinal);
        Assert.Matches(@"1\.3\.6\.1\.5\.5\.7\.1\.31: critical|ACME Identifier: critical", said);
    }

    [Fact]
    public async Task Answers_follow_the_state()
    {
        await using var world = await ChallengeWorld.StartAsync();
        world.Write(AcmeState.Empty);
        await Eventually.TrueAsync(async () => !await IsShownAsync(world, "tls-plain.test"), "the order is gone");
        world.Write(ChallengeWorld.Pending);
        await Eventually.TrueAsync(() => IsShownAsync(world, "tls-plain.test"), "the order is there");
    }

    [Fact]
    public async Task Behind_the_PROXY_protocol_it_is_the_same()
    {
        await using var behind = await ChallengeWorld.StartAsync(hosts.Secure.Port, "--proxy-protocol", "--trusted-proxies", "127.0.0.1");
        using var socket = new System.Net.Sockets.TcpClient();
        await socket.ConnectAsync(behind.Tls.Controller.Https.Host, behind.Tls.Controller.Https.Port);
        await using var stream = new SslStream(new Prefixed(socket.GetStream(), "PROXY TCP4 192.0.2.1 198.51.100.1 56324 443\r\n"u8.ToArray()));
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "tls-pass.test",
            ApplicationProtocols = [Protocol],
            RemoteCertificateValidationCallback = static (_, shown, _, _) => shown is not null,
        });
        Assert.NotEqual(SelfSigned.Certificate.SerialNumber, new X509Certificate2(stream.RemoteCertificate!).SerialNumber);
    }

    private static async Task<bool> IsShownAsync(ChallengeWorld world, string host)
    {
        try
        {
            await using var stream = await world.Tls.ShakeHandsAsync(host, options => options.ApplicationProtocols = [Protocol]);
            return true;
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
            return false;
        }
    }

    private byte[] Digest(string token) => SHA256.HashData(Encoding.ASCII.GetBytes($"{token}.{world.Key.Thumbprint}"));

    private static byte[] IdentifierOf(X509Certificate2 certificate)
    {
        var extension = certificate.Extensions.Single(extension => extension.Oid!.Value == "1.3.6.1.5.5.7.1.31");
        Assert.True(extension.Critical);
        return AsnDecoder.ReadOctetString(extension.RawData, AsnEncodingRules.DER, out _);
    }

    /// <returns>0 also where the connection was cut.</returns>
    private static async Task<int> ReadAsync(SslStream stream)
    {
        try
        {
            return await stream.ReadAsync(new byte[1]);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
