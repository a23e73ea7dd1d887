namespace IngressController.Unit.House;

/// <summary>Rules about all files, whatever is in them.</summary>
internal static class TextRules
{
    private const string Here = "tests/Unit/House"; // the patterns themselves

    public static IEnumerable<Rule> All { get; } =
    [
        AboutText("No machine's paths", @"(?<![\w.])(/home/\w+|/root/|/Users/\w+|/work/\w+|[A-Z]:\\(Users|src|work)\b)", "see /home/me/notes"),
        AboutText("No package registry's host", @"https?://[\w.-]*(nuget|artifactory|nexus|npmjs|proxy\.golang|crates\.io|registry)[\w.-]*[:/]", "https://registry.example.com/v3/index.json"),
        AboutText("Nothing is left to do", @"\b(TODO|FIXME|HACK|XXX)\b", "// TODO: the rest"),
        AboutText("No tab and no carriage return", @"\t|\r", "\tindented", file => !file.Path.EndsWith(".sln", StringComparison.Ordinal)),
    ];

    private static Rule AboutText(string name, string pattern, string bad, Func<SourceFile, bool>? where = null) => new(
        name,
        file => file.IsUnder(Here) || !(where?.Invoke(file) ?? true) ? [] : file.FindInText(pattern, name),
        new("docs/bad.md", bad));
}
