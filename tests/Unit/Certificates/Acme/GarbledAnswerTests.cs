using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using IngressController.Certificates.Acme;
using IngressController.Certificates.Acme.Protocol;

namespace IngressController.Unit.Certificates.Acme;

/// <summary>Whatever stands in an answer, it costs an <see cref="AcmeException"/> and no other.</summary>
public sealed class GarbledAnswerTests
{
    private const string OrderJson = """
        {"status":"valid","expires":"2030-01-01T00:00:00Z","identifiers":[{"type":"dns","value":"shop.example"}],"authorizations":["https://ca.example/a/1"],
        "finalize":"https://ca.example/f/1","certificate":"https://ca.example/c/1","error":{"type":"urn:ietf:params:acme:error:caa","detail":"no","subproblems":[{"identifier":{"value":"a.example"}}]}}
        """;

    private const string AuthorizationJson = """
        {"status":"pending","identifier":{"type":"dns","value":"shop.example"},"wildcard":true,"challenges":[{"type":"http-01","url":"https://ca.example/ch/1","status":"pending","token":"abc_-"}]}
        """;

    private const string DirectoryJson = """
        {"newNonce":"https://ca.example/n","newAccount":"https://ca.example/a","newOrder":"https://ca.example/o","revokeCert":"https://ca.example/r","keyChange":"https://ca.example/k",
        "renewalInfo":"https://ca.example/i","meta":{"profiles":{"classic":"https://ca.example/p"}}}
        """;

    /// <summary>What is put in the place of a byte.</summary>
    private static readonly byte[][] Splinters = [[], [0], [0xFF], [0xC0, 0x80], [(byte)'"'], [(byte)'{'], [(byte)'['], [(byte)'7'], "null"u8.ToArray(), "\\ud800"u8.ToArray(), "\\u0000"u8.ToArray(), "\n"u8.ToArray(), "\":"u8.ToArray()];

    [Fact]
    public void Whole_answers_are_understood()
    {
        Assert.Equal(OrderStatus.Valid, AcmeObjects.Order(Answer(OrderJson), Place).Status);
        Assert.True(AcmeObjects.Authorization(Answer(AuthorizationJson)).IsWildcard);
        Assert.Equal(["classic"], AcmeDirectory.Read(Answer(DirectoryJson)).Profiles);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Garbled_objects_are_refused_or_understood(int seed)
    {
        var random = new Random(seed);
        var refused = 0;
        for (var round = 0; round < 1000; round++)
        {
            refused += Refuses(() => AcmeObjects.Order(Garble(OrderJson, random), Place));
            refused += Refuses(() => AcmeObjects.Authorization(Garble(AuthorizationJson, random)));
            refused += Refuses(() => AcmeDirectory.Read(Garble(DirectoryJson, random)));
            refused += Refuses(() => throw Garble(OrderJson, random).Refusal());
        }

        Assert.InRange(refused, 1000, 3999);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Garbled_certificates_are_refused_or_understood(int seed)
    {
        var random = new Random(seed);
        using var key = CertificateKey.Create(CertificateKeyType.EcdsaP256);
        var der = Certificate(key);
        var refused = 0;
        for (var round = 0; round < 500; round++)
        {
            var broken = der.ToArray();
            broken[random.Next(broken.Length)] = (byte)random.Next(256);
            refused += Refuses(() =>
            {
                using var chain = CertificateChain.Read(Answer(PemEncoding.WriteString("CERTIFICATE", broken)));
                chain.IsIssuedBy("somebody");
                using var issued = chain.Issued(["shop.example"], key, new(2026, 1, 2, 0, 0, 0, TimeSpan.Zero));
                CertificateId.Of(issued.Leaf);
            });
        }

        Assert.InRange(refused, 50, 499);
    }

    private static Uri Place { get; } = new("https://ca.example/order/1");

    private static Answer Answer(string body) => new(Place, "the order", 200, "application/json", Encoding.UTF8.GetBytes(body));

    private static Answer Garble(string body, Random random)
    {
        var bytes = Encoding.UTF8.GetBytes(body).ToList();
        for (var change = random.Next(1, 4); change > 0; change--)
        {
            var at = random.Next(bytes.Count);
            bytes.RemoveAt(at);
            bytes.InsertRange(at, Splinters[random.Next(Splinters.Length)]);
        }

        return Answer("") with { Body = [.. bytes] };
    }

    private static int Refuses(Action read)
    {
        try
        {
            read();
            return 0;
        }
        catch (AcmeException e)
        {
            Assert.DoesNotContain(e.Message, char.IsControl);
            return 1;
        }
    }

    private static byte[] Certificate(CertificateKey key)
    {
        using var signer = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = CertificateRequest.LoadSigningRequest(key.Request(["shop.example"]), HashAlgorithmName.SHA256, CertificateRequestLoadOptions.UnsafeLoadCertificateExtensions);
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier([1, 2, 3, 4]));
        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using var made = request.Create(new("CN=somebody"), X509SignatureGenerator.CreateForECDsa(signer), start, start.AddDays(90), [1, 2, 3]);
        return made.RawData;
    }
}
