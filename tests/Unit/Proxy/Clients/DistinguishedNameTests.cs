using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using IngressController.Proxy.Clients;

namespace IngressController.Unit.Proxy.Clients;

public sealed class DistinguishedNameTests
{
    [Theory]
    [InlineData("2.5.4.3", "anna", "CN=anna")]
    [InlineData("2.5.4.3", "", "CN=")]
    [InlineData("2.5.4.3", " a ", "CN=\\ a\\ ")]
    [InlineData("2.5.4.3", "#a#", "CN=\\#a#")]
    [InlineData("2.5.4.3", "a,b+c\"d\\e<f>g;h=i", "CN=a\\,b\\+c\\\"d\\\\e\\<f\\>g\\;h=i")]
    [InlineData("2.5.4.3", "a\r\nX: y\0\u007f", "CN=a\\0D\\0AX: y\\00\\7F")]
    [InlineData("2.5.4.10", "\u00e4\ud83d\ude00", "O=\\C3\\A4\\F0\\9F\\98\\80")]
    [InlineData("1.2.3.4", "x", "1.2.3.4=#0C0178")]
    public void Texts_are_escaped_so_that_no_header_ends_early(string type, string text, string expected) => Assert.Equal(expected, DistinguishedName.Format(Name((type, text))));

    [Fact]
    public void The_most_special_stands_first_and_every_common_name_is_found()
    {
        var name = Name(("2.5.4.6", "DE"), ("2.5.4.3", "one"), ("2.5.4.3", "two"));
        Assert.Equal("CN=two,CN=one,C=DE", DistinguishedName.Format(name));
        Assert.Equal(["one", "two"], DistinguishedName.CommonNames(name));
    }

    [Fact]
    public void An_empty_name_is_empty() => Assert.Equal("", DistinguishedName.Format(Name()));

    private static X500DistinguishedName Name(params (string Type, string Text)[] attributes)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            foreach (var (type, text) in attributes)
            {
                using var set = writer.PushSetOf();
                using var sequence = writer.PushSequence();
                writer.WriteObjectIdentifier(type);
                writer.WriteCharacterString(UniversalTagNumber.UTF8String, text);
            }
        }

        return new(writer.Encode());
    }
}
