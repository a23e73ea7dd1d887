namespace IngressController.App.Cli;

/// <summary>The directory that a command reads, and the one with what the controller keeps beside it.</summary>
internal static class ManifestsDirectory
{
    /// <summary>Of commands that only read.</summary>
    /// <returns>Null where none is given.</returns>
    public static string? State(FlagReader flags) => flags.One<string?>(Flags.StateDir, Exists!, null);

    /// <summary>A <see cref="ReadValue{T}"/>: a directory that is there.</summary>
    public static string? Exists(string text, out string value)
    {
        value = text;
        return Directory.Exists(text) ? null
            : File.Exists(text) ? "is a file, not a directory"
            : "does not exist";
    }
}
