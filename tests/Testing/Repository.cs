namespace IngressController.Testing;

/// <summary>The checkout that the tests run in, and the programs that were built with them.</summary>
public static class Repository
{
    private const string Mark = "IngressController.sln";

    /// <summary>Where the solution stands.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A path relative to the root.</summary>
    public static string Path(string relative) => System.IO.Path.Combine(Root, relative);

    /// <summary>The executable of a project, built in the same configuration as the tests.</summary>
    /// <param name="project">The project's folder relative to the root.</param>
    /// <param name="assembly">The name of its assembly.</param>
    public static string Program(string project, string assembly)
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory); // .../bin/Debug/net10.0
        return System.IO.Path.Combine(Root, project, "bin", output.Parent!.Name, output.Name, assembly);
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(System.IO.Path.Combine(folder.FullName, Mark)))
        {
            folder = folder.Parent ?? throw new InvalidOperationException($"There is no {Mark} above {AppContext.BaseDirectory}.");
        }

        return folder.FullName;
    }
}
