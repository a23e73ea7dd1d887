using System.Diagnostics;
using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using IngressController.Certificates;
using IngressController.Testing.Tls;

namespace IngressController.Unit.Certificates;

public sealed class KeyFormTests : IDisposable
{
    /// <summary>As <c>openssl genpkey -algorithm ed25519</c> writes it.</summary>
    private const string Ed25519 = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIBZ9m2u1xWq7Jr1rVQ0YcJ0cO3rVdO2m6T8l1m9sB1hA\n-----END PRIVATE KEY-----\n";

    private readonly TestAuthority authority = TestAuthority.Create();

    public void Dispose() => authority.Dispose();

    [Fact]
    public void Rsa_keys_come_in_pkcs1_and_pkcs8()
    {
        var certificate = authority.RsaServer("a.test");
        var key = (RSA)certificate.Key;
        Assert.All([key.ExportRSAPrivateKeyPem(), key.ExportPkcs8PrivateKeyPem()], pem => Assert.Equal(certificate.Serial, Served(certificate.Pem, pem)));
    }

    [Fact]
    public void Ecdsa_keys_come_in_sec1_with_and_without_parameters_before_it_and_in_pkcs8()
    {
        var certificate = authority.Server("a.test");
        var key = (ECDsa)certificate.Key;
        var sec1 = key.ExportECPrivateKeyPem();
        Assert.All(
            [sec1, "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n" + sec1, key.ExportPkcs8PrivateKeyPem()],
            pem => Assert.Equal(certificate.Serial, Served(certificate.Pem, pem)));
    }

    [Fact]
    public void Files_as_people_write_them_are_read()
    {
        var certificate = authority.Intermediate().Server("a.test");
        Assert.All(
            new Func<string, string>[]
            {
                text => "\uFEFF" + text, // a mark of the byte order
                text => text.Replace("\n", "\r\n", StringComparison.Ordinal),
                text => "Bag Attributes\n    friendlyName: web: ENCRYPTED\nsubject=CN = a.test\n" + text + "\ntrailing words\n",
                text => text.Replace("\n", " \n", StringComparison.Ordinal).TrimEnd(),
            },
            change => Assert.Equal(certificate.Serial, Served(change(certificate.Pem), change(certificate.KeyPem))));
    }

    [Fact]
    public void The_chain_is_sent_in_order_whatever_the_order_in_the_file_and_without_the_root()
    {
        var (first, second) = (authority.Intermediate("first"), authority.Intermediate("second"));
        var deep = first.Intermediate("deep");
        var certificate = deep.Server("a.test");
        foreach (var file in new[] { certificate.Pem, certificate.Pem + authority.Pem, authority.Pem + deep.Chain + second.Pem + certificate.Leaf + certificate.Leaf })
        {
            var context = Load(file, certificate.KeyPem).Certificate!.Context!;
            Assert.Equal(certificate.Serial, context.TargetCertificate.SerialNumber);
            Assert.Equal(["CN=deep", "CN=first"], context.IntermediateCertificates.Select(one => one.Subject));
        }
    }

    [Fact]
    public void What_cannot_be_served_is_said()
    {
        var (good, rsa) = (authority.Server("a.test"), RSA.Create(2048));
        using var weakKey = RSA.Create(1024);
        var weak = new CertificateRequest("CN=a.test", weakKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var encryption = new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000);
        Assert.Equal(
            [
                "has no tls.crt",
                "has no tls.key",
                "has no certificate in its tls.crt",
                "has a tls.crt that holds no certificates in PEM",
                "has a tls.crt that holds no certificates in PEM",
                "has no private key in its tls.key",
                "has a tls.key that is no private key in PEM",
                "has a tls.key that does not belong to its tls.crt",
                "has an encrypted tls.key, for which nobody knows the password",
                "has an encrypted tls.key, for which nobody knows the password",
                "has a tls.key of the kind Ed25519, which cannot be served here; RSA and ECDSA can",
                "has an RSA key of 1024 bits, with which no handshake succeeds; it takes 2048",
            ],
            [
                Load("", good.KeyPem).Why,
                Load(good.Pem, "").Why,
                Load(good.KeyPem, good.KeyPem).Why,
                Load(good.Pem[..300], good.KeyPem).Why,
                Load("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", good.KeyPem).Why,
                Load(good.Pem, good.Pem).Why,
                Load(good.Pem, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----").Why,
                Load(good.Pem, rsa.ExportPkcs8PrivateKeyPem()).Why,
                Load(good.Pem, good.Key.ExportEncryptedPkcs8PrivateKeyPem("x", encryption)).Why,
                Load(good.Pem, "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----").Why,
                Load(good.Pem, Ed25519).Why,
                Load(weak.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1)).ExportCertificatePem(), weakKey.ExportPkcs8PrivateKeyPem()).Why,
            ]);
    }

    /// <summary>Of a length only, because a key of that length takes minutes to make: so the platform has not looked at it.</summary>
    [Theory]
    [InlineData(8192, "has a tls.key that is no private key in PEM")]
    [InlineData(8200, "has an RSA key of 8200 bits, with which each handshake would take long; at most 8192 are taken")]
    [InlineData(1_000_000, "has an RSA key of 1000000 bits, with which each handshake would take long; at most 8192 are taken")]
    public void An_rsa_key_that_is_too_long_is_refused_before_it_costs_anything(int bits, string why)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(0);
            writer.WriteInteger((BigInteger.One << bits) - 1);
        }

        Assert.Equal(why, Load(authority.RsaServer("a.test").Pem, PemEncoding.WriteString("RSA PRIVATE KEY", writer.Encode())).Why);
    }

    [Theory]
    [InlineData("-----BEGIN A-----\n")]
    [InlineData("-----BEGIN ")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")]
    [InlineData("\0")]
    public void A_megabyte_of_junk_costs_milliseconds(string junk)
    {
        var text = string.Concat(Enumerable.Repeat(junk, 1_000_000 / junk.Length));
        var fitting = text[..(250_000 / junk.Length * junk.Length)];
        var fastest = Enumerable.Range(0, 10).Min(_ =>
        {
            var clock = Stopwatch.StartNew();
            Assert.Null(Load(text, text).Certificate);
            Assert.Null(Load(fitting, fitting).Certificate);
            return clock.Elapsed;
        });
        Assert.InRange(fastest, TimeSpan.Zero, TimeSpan.FromMilliseconds(500)); // a search to the end for each beginning would take seconds; the fastest, because others want the cores too
    }

    private static string Served(string certificates, string key)
    {
        var loaded = Load(certificates, key);
        Assert.Equal("", loaded.Why);
        return loaded.Certificate!.Context!.TargetCertificate.SerialNumber;
    }

    private static LoadedSecret Load(string certificates, string key) => LoadedSecret.Of(CertificateRoom.Secret("a", certificates, key), staples: false);
}
