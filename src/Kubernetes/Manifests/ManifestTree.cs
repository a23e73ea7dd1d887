using IngressController.Cluster;
using IngressController.Kubernetes.Manifests.Decoding;
using IngressController.Kubernetes.Manifests.Files;

namespace IngressController.Kubernetes.Manifests;

/// <summary>What is known of the files of a directory. Every look reads the files that changed since the last one. Not thread-safe.</summary>
/// <remarks>
/// A change is believed only once it looks the same twice: a file is not read while somebody is still writing it, and one that an
/// editor takes away for a moment, to put another in its place, is not missed. At the first look everything is believed.
/// </remarks>
/// <param name="shownAs">What goes before the names of files in problems and origins.</param>
internal sealed class ManifestTree(string directory, string shownAs = "")
{
    /// <summary>A file that changes at every look is read at last all the same.</summary>
    private const int MaximumPatience = 4;

    private readonly SortedDictionary<string, TrackedFile> files = new(StringComparer.Ordinal);
    private IReadOnlyList<Problem> problemsOfListing = [];

    /// <summary>Some file was read, and <see cref="Objects"/> does not show it yet. Outlives a look that fails.</summary>
    private bool hasChanged;

    /// <summary>The directory could be listed at least once.</summary>
    public bool IsRead { get; private set; }

    /// <summary>Something changes right now: look again soon.</summary>
    public bool IsUnsettled { get; private set; }

    public ObjectSet Objects { get; private set; } = ObjectSet.Empty;

    /// <summary>All problems, in their one order.</summary>
    public EquatableArray<Problem> Problems { get; private set; }

    /// <returns>Objects or problems are new.</returns>
    public bool Look()
    {
        var listing = DirectoryListing.Of(directory);
        var isFirst = !IsRead;
        IsRead |= !listing.Unreadable.Contains("");
        IsUnsettled = false;
        foreach (var name in files.Keys.Where(name => !listing.Files.ContainsKey(name) && !listing.IsHidden(name)).ToList())
        {
            Follow(name, null, isFirst);
        }

        foreach (var (name, stamp) in listing.Files)
        {
            Follow(name, stamp, isFirst);
        }

        if (!hasChanged && listing.Problems.SequenceEqual(problemsOfListing))
        {
            return false;
        }

        Objects = hasChanged ? ObjectSet.Of(files.Values.Select(file => file.Reading)) : Objects;
        (hasChanged, problemsOfListing) = (false, listing.Problems);
        var ofListing = listing.Problems.Select(problem => problem with { File = Shown(problem.File) });
        Problems = files.Values.SelectMany(file => file.Reading.Problems).Concat(Objects.Duplicates).Concat(ofListing).Order().ToEquatableArray();
        return true;
    }

    /// <param name="stamp">Null where the file is gone.</param>
    private void Follow(string name, FileStamp? stamp, bool isFirst)
    {
        files.TryGetValue(name, out var file);
        if (stamp is null && file is { Read: null })
        {
            files.Remove(name);
            return;
        }

        if (file is not null && file.Read == stamp)
        {
            (file.Seen, file.Patience) = (stamp, 0);
            return;
        }

        file ??= files[name] = new TrackedFile();
        var isSettled = isFirst || (file.Patience > 0 && file.Seen == stamp) || file.Patience >= MaximumPatience;
        (file.Seen, file.Patience) = (stamp, file.Patience + 1);
        if (!isSettled)
        {
            IsUnsettled = true;
            return;
        }

        hasChanged = true;
        if (stamp is null)
        {
            files.Remove(name);
            return;
        }

        (file.Read, file.Patience) = (stamp, 0);
        file.Reading = Read(name, stamp.Value).KeepLastGood(file.Reading);
    }

    private FileReading Read(string name, FileStamp stamp)
    {
        if (stamp.Type == FileType.Regular)
        {
            return ManifestFile.Read(Path.Join(directory, name), Shown(name));
        }

        var reader = new ObjectReader(Shown(name));
        reader.Lose(
            ProblemCode.FileUnreadable,
            line: 0,
            stamp.Type == FileType.Missing ? "the file cannot be read: the link leads nowhere" : "the file cannot be read: it is not a regular file");
        return reader.ToReading();
    }

    private string Shown(string name) => Path.Join(shownAs, name);

    private sealed class TrackedFile
    {
        /// <summary>As it was when it was read; null before.</summary>
        public FileStamp? Read { get; set; }

        /// <summary>As it was at the last look.</summary>
        public FileStamp? Seen { get; set; }

        /// <summary>How many looks ago a change was first seen.</summary>
        public int Patience { get; set; }

        public FileReading Reading { get; set; } = FileReading.Empty;
    }
}
