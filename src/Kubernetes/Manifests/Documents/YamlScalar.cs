using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace IngressController.Kubernetes.Manifests.Documents;

/// <summary>
/// What a YAML scalar is, as kubectl's YAML library (go-yaml v2: YAML 1.1 with Go's numbers) reads it: an unquoted <c>yes</c> is a bool,
/// <c>0x1F</c>, <c>0o17</c> and <c>017</c> are integers, a date is a string.
/// </summary>
internal static partial class YamlScalar
{
    private const string TagPrefix = "tag:yaml.org,2002:";

    public static bool IsMergeKey(Scalar scalar) =>
        scalar is { Value: "<<", Style: ScalarStyle.Plain } && (scalar.Tag.IsEmpty || scalar.Tag.Value == TagPrefix + "merge");

    /// <exception cref="SyntaxException">The value is not of the type that its tag names.</exception>
    public static Node Resolve(Scalar scalar, int line)
    {
        var tag = scalar.Tag.IsEmpty ? "" : scalar.Tag.Value;
        if (tag == TagPrefix + "binary")
        {
            return Node.Scalar(NodeKind.String, DecodeBinary(scalar.Value, line), line);
        }

        var wanted = tag switch
        {
            "" => scalar.Style == ScalarStyle.Plain ? "" : "str",
            _ when tag.StartsWith(TagPrefix, StringComparison.Ordinal) => tag[TagPrefix.Length..],
            _ => "str",
        };
        if (wanted is not ("" or "bool" or "int" or "float" or "null"))
        {
            return Node.Scalar(NodeKind.String, scalar.Value, line);
        }

        var (kind, text) = ResolvePlain(scalar.Value, line);
        var isAsTagged = (wanted, kind) switch
        {
            ("", _) or ("bool", NodeKind.Bool) or ("float", NodeKind.Number) or ("null", NodeKind.Null) => true,
            ("int", NodeKind.Number) => BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
            _ => false,
        };
        return isAsTagged
            ? Node.Scalar(kind, text, line)
            : throw new SyntaxException(line, $"cannot decode `{scalar.Value}` as a !!{wanted}");
    }

    private static (NodeKind Kind, string Text) ResolvePlain(string text, int line) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => (NodeKind.Null, ""),
        "y" or "Y" or "yes" or "Yes" or "YES" or "true" or "True" or "TRUE" or "on" or "On" or "ON" => (NodeKind.Bool, "true"),
        "n" or "N" or "no" or "No" or "NO" or "false" or "False" or "FALSE" or "off" or "Off" or "OFF" => (NodeKind.Bool, "false"),
        ".nan" or ".NaN" or ".NAN" or ".inf" or ".Inf" or ".INF" or "+.inf" or "+.Inf" or "+.INF" or "-.inf" or "-.Inf" or "-.INF" =>
            throw new SyntaxException(line, $"json: unsupported value: {text}"),
        [>= '0' and <= '9' or '+' or '-' or '.', ..] => ResolveNumber(text, line) is { } number ? (NodeKind.Number, number) : (NodeKind.String, text),
        _ => (NodeKind.String, text),
    };

    /// <summary>The number in JSON's notation; null where the text is none.</summary>
    private static string? ResolveNumber(string text, int line)
    {
        var plain = text[0] == '.' ? text : text.Replace("_", "", StringComparison.Ordinal);
        if (ParseInteger(plain) is { } integer)
        {
            return integer.ToString(CultureInfo.InvariantCulture);
        }

        if (!Float().IsMatch(plain))
        {
            return null;
        }

        var number = double.Parse(plain, NumberStyles.Float, CultureInfo.InvariantCulture);
        return double.IsInfinity(number)
            ? throw new SyntaxException(line, $"json: unsupported value: {text}")
            : Math.Abs(number) < 1e21 && double.IsInteger(number)
                ? new BigInteger(number).ToString(CultureInfo.InvariantCulture)
                : number.ToString("R", CultureInfo.InvariantCulture);
    }

    /// <summary>Go's ParseInt with base 0: the prefix names the base, and a leading 0 means octal.</summary>
    private static BigInteger? ParseInteger(string text)
    {
        var isNegative = text.StartsWith('-');
        var digits = isNegative || text.StartsWith('+') ? text[1..] : text;
        var (radix, prefix) = digits switch
        {
            ['0', 'x' or 'X', ..] => (16, 2),
            ['0', 'o' or 'O', ..] => (8, 2),
            ['0', 'b' or 'B', ..] => (2, 2),
            ['0', _, ..] => (8, 1),
            _ => (10, 0),
        };
        var body = digits.AsSpan(prefix);
        if (body.IsEmpty || body.Length > MaximumDigits)
        {
            return null;
        }

        var value = BigInteger.Zero;
        foreach (var c in body)
        {
            var digit = char.IsAsciiHexDigit(c) ? Convert.ToInt32(c.ToString(), 16) : 16;
            if (digit >= radix)
            {
                return null;
            }

            value = (value * radix) + digit;
        }

        return isNegative ? -value : value;
    }

    /// <summary>No field of the API holds more; without a limit the conversion is quadratic.</summary>
    private const int MaximumDigits = 400;

    private static string DecodeBinary(string text, int line)
    {
        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(text));
        }
        catch (FormatException)
        {
            throw new SyntaxException(line, "!!binary value contains invalid base64 data");
        }
    }

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z", RegexOptions.NonBacktracking)]
    private static partial Regex Float();
}
