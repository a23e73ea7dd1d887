using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using IngressController.Certificates.Acme;
using IngressController.Certificates.Acme.Protocol;

namespace IngressController.Unit.Certificates.Acme;

public sealed class AcmeKeyTests
{
    [Fact]
    public void A_key_is_hashed_as_RFC_7638_has_it()
    {
        using var key = SigningKey.Read(ExampleOfRfc7517());
        Assert.Equal("""{"crv":"P-256","kty":"EC","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}""", key.Jwk);
        using var account = AccountKey.Read(ExampleOfRfc7517());
        Assert.Equal("cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s", account.Thumbprint);
        Assert.Equal($"token.{account.Thumbprint}", account.Authorize("token"));
    }

    [Fact]
    public void An_account_key_is_the_same_after_it_was_kept()
    {
        using var made = AccountKey.Create();
        using var read = AccountKey.Read(made.Pem);
        Assert.Equal((made.Thumbprint, made.Pem), (read.Thumbprint, read.Pem));
    }

    [Theory]
    [InlineData("EcdsaP256", "ES256")]
    [InlineData("EcdsaP384", "ES384")]
    [InlineData("Rsa2048", "RS256")]
    [InlineData("Rsa4096", "RS256")]
    public void A_certificate_key_is_of_its_kind_after_it_was_kept(string type, string algorithm)
    {
        using var made = CertificateKey.Create(Enum.Parse<CertificateKeyType>(type));
        using var read = CertificateKey.Read(made.Pem);
        Assert.Equal((made.Type, algorithm), (read.Type, read.Signing.Algorithm));
        Assert.Equal(type, read.Type.ToString());
        Assert.Equal(made.Signing.SubjectPublicKeyInfo, read.Signing.SubjectPublicKeyInfo);
    }

    [Theory]
    [InlineData("", "there is no PKCS#8 private key in it")]
    [InlineData("-----BEGIN PRIVATE KEY-----", "PRIVATE KEY has no end")]
    [InlineData("-----BEGIN PRIVATE KEY-----\n!\n-----END PRIVATE KEY-----", "base")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", "")]
    public void What_is_no_key_is_a_format_exception(string pem, string words)
    {
        Assert.Contains(words, Assert.Throws<FormatException>(() => AccountKey.Read(pem)).Message, StringComparison.OrdinalIgnoreCase);
        Assert.Throws<FormatException>(() => CertificateKey.Read(pem));
    }

    [Fact]
    public void Keys_of_other_kinds_are_format_exceptions()
    {
        using var rsa = RSA.Create(3072);
        Assert.Contains("3072 bits", Assert.Throws<FormatException>(() => CertificateKey.Read(rsa.ExportPkcs8PrivateKeyPem())).Message, StringComparison.Ordinal);
        Assert.Throws<FormatException>(() => AccountKey.Read(rsa.ExportPkcs8PrivateKeyPem()));
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP521);
        Assert.Contains("521", Assert.Throws<FormatException>(() => CertificateKey.Read(curve.ExportPkcs8PrivateKeyPem())).Message, StringComparison.Ordinal);
        using var large = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        Assert.Throws<FormatException>(() => AccountKey.Read(large.ExportPkcs8PrivateKeyPem()));
    }

    [Fact]
    public void A_certificate_is_known_by_its_issuers_key_and_its_serial_number()
    {
        // The numbers of the example in RFC 9773 appendix A: the serial number is negative without the zero before it.
        var issuer = Convert.FromHexString("69885B6B87464041E1B37B847BA0AE2CDE01C8D4");
        using var leaf = Certificate([0x00, 0x87, 0x65, 0x43, 0x21], X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(issuer));
        Assert.Equal("aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE", CertificateId.Of(leaf));
        using var anonymous = Certificate([1], null);
        Assert.Null(CertificateId.Of(anonymous));
    }

    /// <summary>RFC 7517 appendix A.2.</summary>
    private static string ExampleOfRfc7517()
    {
        using var key = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new()
            {
                X = Base64Url.DecodeFromChars("MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4"),
                Y = Base64Url.DecodeFromChars("4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"),
            },
            D = Base64Url.DecodeFromChars("870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE"),
        });
        return key.ExportPkcs8PrivateKeyPem();
    }

    private static X509Certificate2 Certificate(byte[] serial, X509Extension? extension)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=shop.example", key, HashAlgorithmName.SHA256);
        if (extension is not null)
        {
            request.CertificateExtensions.Add(extension);
        }

        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        return request.Create(new("CN=issuer"), X509SignatureGenerator.CreateForECDsa(key), start, start.AddDays(90), serial);
    }
}
