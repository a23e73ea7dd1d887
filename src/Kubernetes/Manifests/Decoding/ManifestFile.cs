using System.Globalization;
using IngressController.Cluster;
using IngressController.Kubernetes.Manifests.Documents;
using IngressController.Kubernetes.Manifests.Files;

namespace IngressController.Kubernetes.Manifests.Decoding;

/// <summary>Reads one manifest file.</summary>
internal static class ManifestFile
{
    public const int MaximumDocumentBytes = 4 * 1024 * 1024;

    /// <param name="file">For problems: the path relative to the directory.</param>
    public static FileReading Read(string path, string file)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return Read(stream, file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Unreadable(e, new ObjectReader(file));
        }
    }

    /// <summary>As above, of a file that is open.</summary>
    public static FileReading Read(Stream stream, string file)
    {
        var reader = new ObjectReader(file);
        try
        {
            using var utf8 = DocumentText.ToUtf8(stream);
            if (IsJson(file))
            {
                ReadJson(utf8, reader);
            }
            else
            {
                ReadYaml(utf8, reader);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Unreadable(e, reader);
        }

        return reader.ToReading();
    }

    private static FileReading Unreadable(Exception cause, ObjectReader reader)
    {
        reader.Lose(ProblemCode.FileUnreadable, line: 0, $"the file cannot be read: {IOCause.Of(cause)}");
        return reader.ToReading();
    }

    /// <summary>The objects of a file by the lines on which they begin; none where it cannot be read any more.</summary>
    public static IReadOnlyDictionary<int, Node> ObjectsByLine(string path)
    {
        var objects = new Dictionary<int, Node>();
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var utf8 = DocumentText.ToUtf8(stream);
            foreach (var node in Documents(utf8, path).SelectMany(document => document.Find("items")?.Value.Items.Prepend(document) ?? [document]))
            {
                objects[node.Line] = node;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SyntaxException)
        {
            // Changed since it was read: then the lines of the objects must do.
        }

        return objects;
    }

    private static IEnumerable<Node> Documents(Stream utf8, string path)
    {
        if (IsJson(path))
        {
            using var json = new MemoryStream();
            utf8.CopyTo(json);
            return JsonComposer.Compose(json.GetBuffer().AsSpan(0, (int)json.Length));
        }

        return new DocumentSplitter(utf8, MaximumDocumentBytes).Split()
            .Where(document => !document.IsTooLarge)
            .SelectMany(document => YamlComposer.Compose(DocumentText.Decode(document.Bytes, document.Line), document.Line))
            .ToList();
    }

    private static bool IsJson(string path) => Path.GetExtension(path).Equals(".json", StringComparison.OrdinalIgnoreCase);

    private static void ReadYaml(Stream utf8, ObjectReader reader)
    {
        foreach (var document in new DocumentSplitter(utf8, MaximumDocumentBytes).Split())
        {
            if (document.IsTooLarge)
            {
                LoseTooLarge(document.Line, reader);
            }
            else
            {
                ReadDocuments(() => YamlComposer.Compose(DocumentText.Decode(document.Bytes, document.Line), document.Line), reader, () => CureOf(document.Bytes));
            }
        }
    }

    /// <summary>A JSON file counts as one document: nothing marks where a broken value ends.</summary>
    private static void ReadJson(Stream utf8, ObjectReader reader)
    {
        using var json = new MemoryStream();
        Span<byte> buffer = stackalloc byte[8192];
        for (var read = utf8.Read(buffer); read > 0; read = utf8.Read(buffer))
        {
            json.Write(buffer[..read]);
            if (json.Length > MaximumDocumentBytes)
            {
                LoseTooLarge(line: 1, reader);
                return;
            }
        }

        ReadDocuments(() => JsonComposer.Compose(json.GetBuffer().AsSpan(0, (int)json.Length)), reader, () => "");
    }

    private static string CureOf(ReadOnlySpan<byte> document) =>
        document.IndexOf("{{"u8) >= 0 ? "It looks like a template: render it first, as helm template does" : "";

    private static void ReadDocuments(Func<IReadOnlyList<Node>> compose, ObjectReader reader, Func<string> cure)
    {
        try
        {
            foreach (var document in compose())
            {
                reader.Read(document);
            }
        }
        catch (SyntaxException e)
        {
            reader.Lose(ProblemCode.SyntaxError, e.Line, e.Message, cure());
        }
    }

    private static void LoseTooLarge(int line, ObjectReader reader) => reader.Lose(
        ProblemCode.DocumentTooLarge,
        line,
        string.Create(CultureInfo.InvariantCulture, $"the document is larger than {MaximumDocumentBytes / 1024 / 1024} MiB"),
        "Split it");
}
