using System.Text.RegularExpressions;
using IngressController.Testing;

namespace IngressController.Unit.House;

/// <summary>A file of the checkout.</summary>
/// <param name="Path">Relative to the root, with <c>/</c>.</param>
internal sealed partial record SourceFile(string Path, string Text)
{
    private static readonly string[] Outputs = ["bin", "obj", ".git", ".vs", ".idea", ".vscode", "TestResults", "BenchmarkDotNet.Artifacts"];

    private static readonly string[] Texts = [".cs", ".csproj", ".props", ".sln", ".md", ".json", ".yaml", ".yml", ".txt", ".config", ".editorconfig", ".gitignore", "run", "Dockerfile"];

    /// <summary>All text files, without what builds and editors leave.</summary>
    public static IReadOnlyList<SourceFile> All { get; } = Read(Repository.Root).ToList();

    public bool IsCode => Path.EndsWith(".cs", StringComparison.Ordinal);

    public bool IsProject => Path.EndsWith(".csproj", StringComparison.Ordinal);

    public string Name => System.IO.Path.GetFileName(Path);

    public string Folder => System.IO.Path.GetDirectoryName(Path)!.Replace('\\', '/');

    /// <summary>Code without comments and without the contents of strings and characters, on the same lines.</summary>
    public string Code => Uninteresting().Replace(Text, match => string.Concat(match.Value.Where(letter => letter == '\n')));

    public bool IsUnder(params IEnumerable<string> folders) => folders.Any(folder => Path.StartsWith(folder + "/", StringComparison.Ordinal));

    /// <summary><c>path:line: what</c> for every place where the code matches.</summary>
    public IEnumerable<string> Find(string pattern, string what) => Find(Code, pattern, what);

    /// <summary>As <see cref="Find(string, string)"/>, in comments and strings too.</summary>
    public IEnumerable<string> FindInText(string pattern, string what) => Find(Text, pattern, what);

    private IEnumerable<string> Find(string text, string pattern, string what) =>
        Regex.Matches(text, pattern, RegexOptions.Multiline)
            .Select(match => $"{Path}:{text.AsSpan(0, match.Index).Count('\n') + 1}: {what}: {match.Value.Trim()}");

    private static IEnumerable<SourceFile> Read(string folder)
    {
        foreach (var file in Directory.GetFiles(folder).Where(file => Texts.Any(end => file.EndsWith(end, StringComparison.Ordinal))))
        {
            yield return new(System.IO.Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'), File.ReadAllText(file));
        }

        foreach (var file in Directory.GetDirectories(folder).Where(inner => !Outputs.Contains(System.IO.Path.GetFileName(inner))).SelectMany(Read))
        {
            yield return file;
        }
    }

    [GeneratedRegex("""""
        //[^\n]*|/\*[\s\S]*?\*/|"{3,4}[\s\S]*?"{3,4}|@"(?:[^"]|"")*"|"(?:\\.|[^"\\\n])*"|'(?:\\.[^'\n]*|[^'\\\n])'
        """"")]
    private static partial Regex Uninteresting();
}
