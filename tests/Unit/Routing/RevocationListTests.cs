using System.Formats.Asn1;
using System.Security.Cryptography;
using IngressController.Routing.Model;
using IngressController.Testing.Tls;

namespace IngressController.Unit.Routing;

public sealed class RevocationListTests
{
    [Fact]
    public void A_list_knows_its_authority_and_whom_it_names()
    {
        using var authority = TestAuthority.Create("one");
        using var namesake = TestAuthority.Create("one");
        var (revoked, other) = (authority.Client("CN=a"), authority.Client("CN=b"));
        var list = Assert.Single(RevocationList.ReadAll(authority.Pem + authority.RevocationList(TimeSpan.FromDays(9), revoked)));
        Assert.True(list.Contains(revoked.Loaded));
        Assert.False(list.Contains(other.Loaded));
        Assert.True(list.IsSignedBy(authority.Certificate));
        Assert.False(list.IsSignedBy(namesake.Certificate));
        Assert.Equal(TimeSpan.FromDays(9), list.Until - list.From);
    }

    [Fact]
    public void Several_lists_stand_one_after_the_other()
    {
        using var authority = TestAuthority.Create();
        Assert.Equal(2, RevocationList.ReadAll(authority.RevocationList(TimeSpan.FromDays(9)) + authority.RevocationList(TimeSpan.FromDays(8))).Length);
        Assert.Empty(RevocationList.ReadAll(authority.Pem));
    }

    [Theory]
    [InlineData("1.2.840.10045.4.3.2", true)] // a critical extension: it is a part of a list
    [InlineData("1.2.840.113549.1.1.5", false)] // RSA with SHA-1
    public void A_list_that_cannot_be_relied_on_is_refused(string algorithm, bool isPartial) =>
        Assert.Throws<CryptographicException>(() => RevocationList.ReadAll(PemEncoding.WriteString("X509 CRL", Encode(algorithm, isPartial))));

    [Theory]
    [InlineData("")]
    [InlineData("MAA=")]
    [InlineData("MIIBAA==")]
    public void Junk_is_refused(string content) =>
        Assert.Throws<CryptographicException>(() => RevocationList.ReadAll($"-----BEGIN X509 CRL-----\n{content}\n-----END X509 CRL-----\n"));

    [Fact]
    public void What_is_encoded_here_would_be_taken_without_its_flaw() => Assert.Single(RevocationList.ReadAll(PemEncoding.WriteString("X509 CRL", Encode("1.2.840.10045.4.3.2", false))));

    private static byte[] Encode(string algorithm, bool isPartial)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                writer.WriteInteger(1);
                WriteAlgorithm();
                writer.WriteEncodedValue([0x30, 0]); // the issuer: a name without parts
                writer.WriteUtcTime(TimeProvider.System.GetUtcNow());
                if (isPartial)
                {
                    WriteCriticalExtension(writer);
                }
            }

            WriteAlgorithm();
            writer.WriteBitString([1]);
        }

        return writer.Encode();

        void WriteAlgorithm()
        {
            using var sequence = writer.PushSequence();
            writer.WriteObjectIdentifier(algorithm);
        }
    }

    private static void WriteCriticalExtension(AsnWriter writer)
    {
        using var explicitly = writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0));
        using var extensions = writer.PushSequence();
        using var extension = writer.PushSequence();
        writer.WriteObjectIdentifier("2.5.29.28"); // issuingDistributionPoint
        writer.WriteBoolean(true);
        writer.WriteOctetString([0x30, 0]);
    }
}
