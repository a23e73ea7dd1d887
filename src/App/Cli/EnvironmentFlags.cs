using System.Globalization;

namespace IngressController.App.Cli;

/// <summary>Flags given by environment variables: <c>INGRESS__HTTPPORT=8081</c>; lists with commas or as <c>INGRESS__TRUSTEDPROXIES__0</c>, <c>__1</c>.</summary>
internal sealed class EnvironmentFlags
{
    private readonly Dictionary<Flag, List<(string Variable, string Text)>> values = [];

    private EnvironmentFlags()
    {
    }

    /// <param name="errors">Gets a line for every variable under our prefix that is no flag.</param>
    public static EnvironmentFlags Read(IReadOnlyDictionary<string, string> environment, List<string> errors)
    {
        var flags = Flags.OfRun.ToDictionary(flag => flag.Variable, StringComparer.OrdinalIgnoreCase);
        var found = new EnvironmentFlags();
        foreach (var (variable, text) in environment.Where(IsOurs).OrderBy(Index).ThenBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (flags.TryGetValue(variable, out var flag))
            {
                found.Add(flag, variable, flag.IsMany ? text.Split(',', StringSplitOptions.TrimEntries) : [text]);
            }
            else if (flags.TryGetValue(ListOf(variable), out var list) && list.IsMany)
            {
                found.Add(list, variable, [text]);
            }
            else
            {
                errors.Add($"{variable}: there is no such setting{Suggestion.For(variable, flags.Keys)}");
            }
        }

        return found;
    }

    public IReadOnlyList<(string Variable, string Text)> Find(Flag flag) => values.GetValueOrDefault(flag) ?? [];

    private static bool IsOurs(KeyValuePair<string, string> variable) => variable.Key.StartsWith(Flag.Prefix, StringComparison.OrdinalIgnoreCase);

    private static int Index(KeyValuePair<string, string> variable) =>
        variable.Key.LastIndexOf("__", StringComparison.Ordinal) is var end
        && int.TryParse(variable.Key.AsSpan(end + 2), NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            ? index
            : -1;

    /// <summary>The variable without the number at its end; itself where there is none.</summary>
    private static string ListOf(string variable) =>
        Index(new(variable, "")) < 0 ? variable : variable[..variable.LastIndexOf("__", StringComparison.Ordinal)];

    /// <summary>An empty text is an absent one: charts and compose files pass variables through whether they are set or not.</summary>
    private void Add(Flag flag, string variable, string[] texts)
    {
        foreach (var text in texts.Where(text => text.Length > 0))
        {
            if (!values.TryGetValue(flag, out var list))
            {
                values[flag] = list = [];
            }

            list.Add((variable, text));
        }
    }
}
