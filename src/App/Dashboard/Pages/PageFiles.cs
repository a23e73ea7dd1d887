using System.Reflection;

namespace IngressController.App.Dashboard.Pages;

/// <summary>The dashboard's files: <c>Files/</c>, embedded as they stand, without a build step.</summary>
internal static class PageFiles
{
    /// <summary>What is at <c>/</c>.</summary>
    public const string First = "index.html";

    private const string Prefix = "pages/"; // App.csproj names them so

    public static IReadOnlyList<PageFile> Read() =>
        Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name => new PageFile(name[Prefix.Length..].Replace('\\', '/'), Read(name)))
            .ToList();

    private static byte[] Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}
