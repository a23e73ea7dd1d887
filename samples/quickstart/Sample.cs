namespace IngressController.Quickstart;

/// <summary>A folder with manifests, and a README.md whose console blocks say what to try.</summary>
internal sealed record Sample(string Folder)
{
    private const string Prompt = "$ ";

    public string Manifests => Path.Combine(Folder, "manifests") is var inner && Directory.Exists(inner) ? inner : Folder;

    /// <summary>The one beside this program's source; it lies above the folder of the program itself, from wherever that is started.</summary>
    public static Sample Quickstart()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Quickstart.csproj")))
            {
                return new(folder.FullName);
            }
        }

        throw new InvalidOperationException("The quickstart runs from its build output below samples/quickstart only.");
    }

    /// <summary>The curl lines of README.md; none where there is no README.md.</summary>
    public IEnumerable<string> Commands()
    {
        var readme = Path.Combine(Folder, "README.md");
        return File.Exists(readme)
            ? File.ReadLines(readme).Where(line => line.StartsWith(Prompt, StringComparison.Ordinal) && line.Contains("curl", StringComparison.Ordinal)).Select(line => line[Prompt.Length..])
            : [];
    }
}
