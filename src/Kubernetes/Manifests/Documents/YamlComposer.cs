using IngressController.Kubernetes.Wire;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace IngressController.Kubernetes.Manifests.Documents;

/// <summary>Reads YAML into nodes from the parser's events: its own document model recurses without a limit and knows nothing of merge keys.</summary>
internal sealed class YamlComposer
{
    /// <summary>How many characters the aliases of a document may stand for; so ten lines cannot become a gigabyte.</summary>
    private const long MaximumAliasWeight = 4 * 1024 * 1024;

    private readonly Parser parser;
    private readonly int firstLine;

    /// <summary>Null while the anchor's own value is being read.</summary>
    private readonly Dictionary<string, Node?> anchors = new(StringComparer.Ordinal);
    private long aliasWeight;

    private YamlComposer(string text, int firstLine)
    {
        parser = new Parser(new StringReader(text));
        this.firstLine = firstLine;
    }

    /// <param name="firstLine">The line of the file that the text begins on.</param>
    /// <exception cref="SyntaxException">The text is not YAML.</exception>
    public static IReadOnlyList<Node> Compose(string text, int firstLine)
    {
        var composer = new YamlComposer(text, firstLine);
        try
        {
            return composer.ComposeStream();
        }
        catch (YamlException e)
        {
            throw new SyntaxException(composer.LineOf(e.Start), e.Message);
        }
        catch (Exception e) when (e is not (SyntaxException or OutOfMemoryException))
        {
            // The parser is a library: on hostile text it may throw anything, and one file must not stop the others.
            throw new SyntaxException(firstLine, e.Message);
        }
    }

    private List<Node> ComposeStream()
    {
        var documents = new List<Node>();
        while (parser.MoveNext())
        {
            if (parser.Current is DocumentStart)
            {
                (aliasWeight, _) = (0, parser.MoveNext());
                anchors.Clear();
                documents.Add(ComposeNode(depth: 0));
            }
        }

        return documents;
    }

    /// <summary>Leaves the parser on the last event of the node.</summary>
    private Node ComposeNode(int depth)
    {
        var line = LineOf(parser.Current!.Start);
        SyntaxException.ThrowIfTooDeep(depth, line);
        if (parser.Current is AnchorAlias alias)
        {
            return ResolveAlias(alias.Value.Value, line);
        }

        var anchor = parser.Current is NodeEvent { Anchor.IsEmpty: false } anchored ? anchored.Anchor.Value : null;
        if (anchor is not null)
        {
            anchors[anchor] = null;
        }

        var node = parser.Current switch
        {
            Scalar scalar when !DocumentText.IsWellFormed(scalar.Value) => throw new SyntaxException(line, "invalid Unicode escape in a string"),
            Scalar scalar => YamlScalar.Resolve(scalar, line),
            SequenceStart => ComposeList(depth, line),
            MappingStart => ComposeMap(depth, line),
            _ => throw new SyntaxException(line, "did not find expected node content"),
        };
        SyntaxException.ThrowIfTooDeep(node.Height, line);
        if (anchor is not null)
        {
            anchors[anchor] = node;
        }

        return node;
    }

    private Node ResolveAlias(string name, int line)
    {
        if (!anchors.TryGetValue(name, out var target))
        {
            throw new SyntaxException(line, $"unknown anchor '{name}' referenced");
        }

        if (target is null)
        {
            throw new SyntaxException(line, $"anchor '{name}' value contains itself");
        }

        aliasWeight += target.Weight;
        return aliasWeight <= MaximumAliasWeight ? target : throw new SyntaxException(line, "document contains excessive aliasing");
    }

    private Node ComposeList(int depth, int line)
    {
        var items = new List<Node>();
        while (parser.MoveNext() && parser.Current is not SequenceEnd)
        {
            items.Add(ComposeNode(depth + 1));
        }

        return Node.List(items, line);
    }

    private Node ComposeMap(int depth, int line)
    {
        var fields = new List<NodeField>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var merged = new List<Node>();
        while (parser.MoveNext() && parser.Current is not MappingEnd)
        {
            var keyLine = LineOf(parser.Current!.Start);
            var isMerge = parser.Current is Scalar scalar && YamlScalar.IsMergeKey(scalar);
            var key = ComposeNode(depth + 1);
            parser.MoveNext();
            var value = ComposeNode(depth + 1);
            if (isMerge)
            {
                merged.Add(value);
                continue;
            }

            var name = NameOf(key, keyLine);
            if (!names.Add(name))
            {
                throw new SyntaxException(keyLine, $"key \"{name}\" already set in map");
            }

            fields.Add(new(name, keyLine, value));
        }

        foreach (var source in merged)
        {
            Merge(source, fields, names);
        }

        return Node.Map(fields, line);
    }

    /// <summary>What the map says itself wins; of several merged maps the first.</summary>
    private static void Merge(Node source, List<NodeField> fields, HashSet<string> names)
    {
        var maps = source.Kind == NodeKind.List ? source.Items : [source];
        foreach (var map in maps)
        {
            if (map.Kind != NodeKind.Map)
            {
                throw new SyntaxException(source.Line, "map merge requires map or sequence of maps as the value");
            }

            fields.AddRange(map.Fields.Where(field => names.Add(field.Name)));
        }
    }

    private static string NameOf(Node key, int line) => key.Kind is NodeKind.String or NodeKind.Number or NodeKind.Bool
        ? key.Text
        : throw new SyntaxException(line, "a key must be a string, a number or a bool");

    private int LineOf(Mark mark) => firstLine + Math.Max(0, (int)mark.Line - 1);
}
