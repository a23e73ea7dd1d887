using System.Buffers;
using System.Globalization;
using System.Text;

namespace IngressController.App.Cli;

/// <summary>Writes block-style YAML: maps, lists of maps, lists of scalars. Every scalar that could be read as anything but a string is quoted.</summary>
internal sealed class YamlWriter
{
    private static readonly SearchValues<char> Plain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./:[]");

    private static readonly string[] NotStrings = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"];

    private readonly StringBuilder text = new();
    private int depth;
    private bool isAfterDash;

    public override string ToString() => text.ToString();

    public void Pair(string key, string value) => Line($"{key}: {Scalar(value)}");

    public void Pair(string key, int value) => Line(string.Create(CultureInfo.InvariantCulture, $"{key}: {value}"));

    /// <summary>A key whose value is a map; left out where the map is empty is the caller's affair.</summary>
    public void Map(string key, Action write)
    {
        Line($"{key}:");
        Indented(write);
    }

    /// <summary><c>key: []</c> where there are no items.</summary>
    public void List<T>(string key, IReadOnlyCollection<T> items, Action<T> write)
    {
        if (items.Count == 0)
        {
            Line($"{key}: []");
            return;
        }

        Line($"{key}:");
        foreach (var item in items)
        {
            Indented(() =>
            {
                Margin();
                text.Append("- ");
                isAfterDash = true;
                Indented(() => write(item));
            });
        }
    }

    /// <summary>A list of strings.</summary>
    public void List(string key, IReadOnlyCollection<string> items) => List(key, items, item => Line(Scalar(item)));

    internal static string Scalar(string value)
    {
        var isPlain = value.Length > 0
            && (char.IsAsciiLetter(value[0]) || value[0] == '/')
            && !value.AsSpan().ContainsAnyExcept(Plain)
            && value[^1] != ':'
            && !NotStrings.Contains(value, StringComparer.OrdinalIgnoreCase);
        return isPlain ? value : Quoted(value);
    }

    private static string Quoted(string value)
    {
        var quoted = new StringBuilder("\"");
        foreach (var letter in value)
        {
            quoted.Append(letter switch
            {
                '"' => "\\\"",
                '\\' => @"\\",
                < ' ' or (> '~' and < '\u00a0') or '\u2028' or '\u2029' or '\ufeff' => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}"),
                _ => letter.ToString(),
            });
        }

        return quoted.Append('"').ToString();
    }

    private void Indented(Action write)
    {
        depth++;
        write();
        depth--;
    }

    private void Line(string line)
    {
        Margin();
        text.Append(line).Append('\n');
    }

    /// <summary>The first line of an item stands behind its dash.</summary>
    private void Margin()
    {
        if (!isAfterDash)
        {
            text.Append(' ', 2 * depth);
        }

        isAfterDash = false;
    }
}
