using System.Collections.Frozen;
using System.Formats.Asn1;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace IngressController.Proxy.Clients;

/// <summary>Names of certificates as nginx writes them: RFC 2253, with OpenSSL's short names; all of it is ASCII.</summary>
internal static class DistinguishedName
{
    private const string CommonName = "2.5.4.3";

    private static readonly FrozenDictionary<string, string> ShortNames = new Dictionary<string, string>
    {
        [CommonName] = "CN",
        ["2.5.4.4"] = "SN",
        ["2.5.4.5"] = "serialNumber",
        ["2.5.4.6"] = "C",
        ["2.5.4.7"] = "L",
        ["2.5.4.8"] = "ST",
        ["2.5.4.9"] = "street",
        ["2.5.4.10"] = "O",
        ["2.5.4.11"] = "OU",
        ["2.5.4.12"] = "title",
        ["2.5.4.13"] = "description",
        ["2.5.4.15"] = "businessCategory",
        ["2.5.4.17"] = "postalCode",
        ["2.5.4.41"] = "name",
        ["2.5.4.42"] = "GN",
        ["2.5.4.43"] = "initials",
        ["2.5.4.44"] = "generationQualifier",
        ["2.5.4.46"] = "dnQualifier",
        ["2.5.4.65"] = "pseudonym",
        ["2.5.4.97"] = "organizationIdentifier",
        ["0.9.2342.19200300.100.1.1"] = "UID",
        ["0.9.2342.19200300.100.1.25"] = "DC",
        ["1.2.840.113549.1.9.1"] = "emailAddress",
    }.ToFrozenDictionary();

    /// <returns><c>CN=Anna\, B,O=Acme</c>: the most special first.</returns>
    public static string Format(X500DistinguishedName name)
    {
        var text = new StringBuilder();
        foreach (var element in Elements(name).AsEnumerable().Reverse())
        {
            text.Append(text.Length == 0 ? "" : ",");
            for (var index = element.Count - 1; index >= 0; index--)
            {
                Append(text, element[index]);
                text.Append(index > 0 ? "+" : "");
            }
        }

        return text.ToString();
    }

    public static IEnumerable<string> CommonNames(X500DistinguishedName name) =>
        from element in Elements(name) from attribute in element where attribute.Type == CommonName && attribute.Text is not null select attribute.Text;

    private static List<List<Attribute>> Elements(X500DistinguishedName name)
    {
        var elements = new List<List<Attribute>>();
        for (var sequence = new AsnReader(name.RawData, AsnEncodingRules.BER).ReadSequence(); sequence.HasData;)
        {
            var attributes = new List<Attribute>();
            for (var set = sequence.ReadSetOf(skipSortOrderValidation: true); set.HasData;)
            {
                var attribute = set.ReadSequence();
                var type = attribute.ReadObjectIdentifier();
                var encoded = attribute.ReadEncodedValue();
                attributes.Add(new(type, TextOf(encoded), encoded));
            }

            elements.Add(attributes);
        }

        return elements;
    }

    /// <returns>Null where it is no text.</returns>
    private static string? TextOf(ReadOnlyMemory<byte> encoded)
    {
        var tag = Asn1Tag.Decode(encoded.Span, out _);
        if (tag.TagClass != TagClass.Universal
            || (UniversalTagNumber)tag.TagValue is not (UniversalTagNumber.UTF8String or UniversalTagNumber.PrintableString or UniversalTagNumber.IA5String
                or UniversalTagNumber.T61String or UniversalTagNumber.BMPString or UniversalTagNumber.NumericString or UniversalTagNumber.VisibleString))
        {
            return null;
        }

        try
        {
            return new AsnReader(encoded, AsnEncodingRules.BER).ReadCharacterString((UniversalTagNumber)tag.TagValue);
        }
        catch (AsnContentException)
        {
            return null; // bytes that are not of that alphabet
        }
    }

    private static void Append(StringBuilder text, Attribute attribute)
    {
        text.Append(ShortNames.GetValueOrDefault(attribute.Type, attribute.Type)).Append('=');
        if (attribute.Text is not { } value || !ShortNames.ContainsKey(attribute.Type))
        {
            text.Append('#').Append(Convert.ToHexString(attribute.Encoded.Span));
            return;
        }

        var bytes = Encoding.UTF8.GetBytes(value);
        for (var index = 0; index < bytes.Length; index++)
        {
            var letter = (char)bytes[index];
            if (letter is < ' ' or > '~')
            {
                text.Append(CultureInfo.InvariantCulture, $"\\{bytes[index]:X2}");
            }
            else
            {
                var isSpecial = ",+\"\\<>;".Contains(letter) || (letter == '#' && index == 0) || (letter == ' ' && (index == 0 || index == bytes.Length - 1));
                text.Append(isSpecial ? "\\" : "").Append(letter);
            }
        }
    }

    /// <param name="Text">Null where the value is no text.</param>
    private readonly record struct Attribute(string Type, string? Text, ReadOnlyMemory<byte> Encoded);
}
