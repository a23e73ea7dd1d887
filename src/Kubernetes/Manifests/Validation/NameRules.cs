using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace IngressController.Kubernetes.Manifests.Validation;

/// <summary>What is wrong with a name, in the words of apimachinery's util/validation. Nothing where it is right.</summary>
internal static partial class NameRules
{
    private const string DnsLabelPattern = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private const string DnsSubdomainPattern = DnsLabelPattern + @"(\." + DnsLabelPattern + ")*";
    private const string WildcardPattern = @"\*\." + DnsSubdomainPattern;
    private const string Dns1035LabelPattern = "[a-z]([-a-z0-9]*[a-z0-9])?";
    private const string QualifiedNamePattern = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
    private const string LabelValuePattern = "(" + QualifiedNamePattern + ")?";
    private const string ConfigMapKeyPattern = "[-._a-zA-Z0-9]+";
    private const string HttpPathPattern = @"[A-Za-z0-9/\-._~%!$&'()*+,;=:]+";

    private const string QualifiedNameMessage = "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";

    public static IEnumerable<string> DnsSubdomain(string name) => Check(
        name,
        253,
        DnsSubdomainRegex(),
        () => RegexMessage("a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character", DnsSubdomainPattern, "example.com"));

    public static IEnumerable<string> Wildcard(string name) => Check(
        name,
        253,
        WildcardRegex(),
        () => RegexMessage("a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character", WildcardPattern, "*.example.com"));

    public static IEnumerable<string> DnsLabel(string name) => Check(
        name,
        63,
        DnsLabelRegex(),
        () => DnsSubdomainRegex().IsMatch(name)
            ? "must not contain dots"
            : RegexMessage("a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character", DnsLabelPattern, "my-name", "123-abc"));

    /// <summary>The name of a Service: it begins with a letter.</summary>
    public static IEnumerable<string> Dns1035Label(string name) => Check(
        name,
        63,
        Dns1035LabelRegex(),
        () => RegexMessage("a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character", Dns1035LabelPattern, "my-name", "abc-123"));

    public static IEnumerable<string> LabelValue(string value) => Check(
        value,
        63,
        LabelValueRegex(),
        () => RegexMessage("a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character", LabelValuePattern, "MyValue", "my_value", "12345"));

    /// <summary>A key of a label or annotation, or an appProtocol: a name with an optional DNS prefix.</summary>
    public static IEnumerable<string> QualifiedName(string text)
    {
        var parts = text.Split('/');
        if (parts.Length > 2)
        {
            yield return "a qualified name " + QualifiedNameRegexMessage() + " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')";
            yield break;
        }

        if (parts.Length == 2)
        {
            foreach (var message in parts[0].Length == 0 ? ["must be non-empty"] : DnsSubdomain(parts[0]))
            {
                yield return "prefix part " + message;
            }
        }

        if (parts[^1].Length == 0)
        {
            yield return "name part must be non-empty";
        }

        foreach (var message in Check(parts[^1], 63, QualifiedNameRegex(), QualifiedNameRegexMessage))
        {
            yield return "name part " + message;
        }
    }

    public static IEnumerable<string> ConfigMapKey(string key)
    {
        var messages = Check(
            key,
            253,
            ConfigMapKeyRegex(),
            () => RegexMessage("a valid config key must consist of alphanumeric characters, '-', '_' or '.'", ConfigMapKeyPattern, "key.name", "KEY_NAME", "key-name"));
        return key switch
        {
            "." or ".." => messages.Append($"must not be '{key}'"),
            ['.', '.', ..] => messages.Append("must not start with '..'"),
            _ => messages,
        };
    }

    public static IEnumerable<string> PathSegment(string name) => name is "." or ".."
        ? [$"may not be '{name}'"]
        : "/%".Where(name.Contains).Select(part => $"may not contain '{part}'");

    /// <summary>The path behind the domain of spec.controller.</summary>
    public static IEnumerable<string> HttpPath(string path) =>
        HttpPathRegex().IsMatch(path) ? [] : [$"Invalid path (regex used for validation is '{HttpPathPattern}')"];

    public static IEnumerable<string> PortName(string name)
    {
        if (Encoding.UTF8.GetByteCount(name) > 15)
        {
            yield return TooLong(15);
        }

        if (!PortCharactersRegex().IsMatch(name))
        {
            yield return "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)";
        }

        if (!name.Any(char.IsAsciiLetterLower))
        {
            yield return "must contain at least one letter (a-z)";
        }

        if (name.Contains("--", StringComparison.Ordinal))
        {
            yield return "must not contain consecutive hyphens";
        }

        if (name.StartsWith('-') || name.EndsWith('-'))
        {
            yield return "must not begin or end with a hyphen";
        }
    }

    private static IEnumerable<string> Check(string text, int maximumBytes, Regex pattern, Func<string> message)
    {
        if (Encoding.UTF8.GetByteCount(text) > maximumBytes)
        {
            yield return TooLong(maximumBytes);
        }

        if (!pattern.IsMatch(text))
        {
            yield return message();
        }
    }

    private static string TooLong(int maximumBytes) => $"must be no more than {maximumBytes.ToString(CultureInfo.InvariantCulture)} bytes";

    private static string QualifiedNameRegexMessage() => RegexMessage(QualifiedNameMessage, QualifiedNamePattern, "MyName", "my.name", "123-abc");

    private static string RegexMessage(string message, string pattern, params string[] examples) =>
        $"{message} (e.g. {string.Join(" or ", examples.Select(example => $"'{example}', "))}regex used for validation is '{pattern}')";

    [GeneratedRegex("^" + DnsLabelPattern + @"\z")]
    private static partial Regex DnsLabelRegex();

    [GeneratedRegex("^" + DnsSubdomainPattern + @"\z")]
    private static partial Regex DnsSubdomainRegex();

    [GeneratedRegex("^" + WildcardPattern + @"\z")]
    private static partial Regex WildcardRegex();

    [GeneratedRegex("^" + Dns1035LabelPattern + @"\z")]
    private static partial Regex Dns1035LabelRegex();

    [GeneratedRegex("^" + QualifiedNamePattern + @"\z")]
    private static partial Regex QualifiedNameRegex();

    [GeneratedRegex("^" + LabelValuePattern + @"\z")]
    private static partial Regex LabelValueRegex();

    [GeneratedRegex("^" + ConfigMapKeyPattern + @"\z")]
    private static partial Regex ConfigMapKeyRegex();

    [GeneratedRegex("^" + HttpPathPattern + @"\z")]
    private static partial Regex HttpPathRegex();

    [GeneratedRegex(@"^[-a-z0-9]+\z")]
    private static partial Regex PortCharactersRegex();
}
