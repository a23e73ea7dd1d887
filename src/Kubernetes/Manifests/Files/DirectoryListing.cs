using System.IO.Enumeration;
using IngressController.Cluster;

namespace IngressController.Kubernetes.Manifests.Files;

/// <summary>The manifest files under a directory at one moment.</summary>
/// <param name="Files">By path relative to the directory, with <c>/</c>, in ordinal order.</param>
/// <param name="Unreadable">Directories that could not be listed, relative; what was in them is still taken to be there. The directory itself is "".</param>
internal sealed record DirectoryListing(SortedDictionary<string, FileStamp> Files, IReadOnlyList<string> Unreadable, IReadOnlyList<Problem> Problems)
{
    /// <summary>Where a system has no inodes, this ends a cycle of links.</summary>
    private const int MaximumDepth = 40;

    private static readonly string[] Extensions = [".yaml", ".yml", ".json"];

    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false };

    /// <summary>
    /// Every manifest under the directory, links followed. Hidden files and directories are passed over: the <c>..data</c> directories
    /// behind the links of a mounted ConfigMap, editors' lock files, <c>.git</c>.
    /// </summary>
    public static DirectoryListing Of(string root)
    {
        var files = new SortedDictionary<string, FileStamp>(StringComparer.Ordinal);
        var (unreadable, problems) = (new List<string>(), new List<Problem>());
        var seen = new HashSet<(ulong, ulong)>();
        var open = new Queue<(string Path, int Depth)>([("", 0)]);
        while (open.TryDequeue(out var directory))
        {
            var stamp = FileStamp.Of(Path.Join(root, directory.Path));
            if (directory.Depth > MaximumDepth || (stamp.Inode != 0 && !seen.Add((stamp.Device, stamp.Inode))))
            {
                continue;
            }

            try
            {
                var entries = Entries(root, directory.Path).ToLookup(entry => entry.IsDirectory, entry => entry.Path);
                entries[true].ToList().ForEach(path => open.Enqueue((path, directory.Depth + 1)));
                entries[false].ToList().ForEach(path => files[path] = FileStamp.Of(Path.Join(root, path)));
            }
            catch (DirectoryNotFoundException) when (directory.Path.Length > 0)
            {
                // Deleted since its parent was listed.
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                unreadable.Add(directory.Path);
                problems.Add(Unlistable(root, directory.Path, e));
            }
        }

        return new(files, unreadable, problems);
    }

    /// <summary>The file stands in a directory that cannot be listed now, so nobody knows whether it is still there.</summary>
    public bool IsHidden(string file) => Unreadable.Any(directory => directory.Length == 0 || file.StartsWith(directory + "/", StringComparison.Ordinal));

    /// <summary>In ordinal order, so that the same one of several links to a directory is followed every time.</summary>
    private static IEnumerable<(string Path, bool IsDirectory)> Entries(string root, string directory) =>
        new FileSystemEnumerable<(string Path, bool IsDirectory)>(
            Path.Join(root, directory),
            (ref FileSystemEntry entry) => (directory.Length == 0 ? entry.FileName.ToString() : $"{directory}/{entry.FileName}", entry.IsDirectory),
            Everything)
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => entry.FileName[0] != '.' && (entry.IsDirectory || IsManifest(entry.FileName)),
        }.OrderBy(entry => entry.Path, StringComparer.Ordinal);

    private static bool IsManifest(ReadOnlySpan<char> name)
    {
        foreach (var extension in Extensions)
        {
            if (name.EndsWith(extension, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static Problem Unlistable(string root, string directory, Exception e) => new(
        ProblemCode.FileUnreadable,
        Severity.Error,
        Object: null,
        Field: "",
        directory.Length == 0 ? $"the directory {root} cannot be read: {IOCause.Of(e)}" : $"the directory cannot be read: {IOCause.Of(e)}",
        File: directory);
}
