namespace IngressController.App.Cli;

/// <summary>The directory that a command reads.</summary>
internal static class ManifestsDirectory
{
    /// <summary>A <see cref="ReadValue{T}"/>: a directory that is there.</summary>
    public static string? Exists(string text, out string value)
    {
        value = text;
        return Directory.Exists(text) ? null
            : File.Exists(text) ? "is a file, not a directory"
            : "does not exist";
    }
}
