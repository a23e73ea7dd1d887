using System.Text;
using System.Text.Json;
using IngressController.Kubernetes.Wire;

namespace IngressController.Kubernetes.Manifests.Documents;

/// <summary>Reads JSON into nodes. A file may hold several values one after the other, as kubectl allows.</summary>
internal ref struct JsonComposer
{
    private readonly ReadOnlySpan<byte> json;
    private Utf8JsonReader reader;
    private long countedTo;
    private int line;

    private JsonComposer(ReadOnlySpan<byte> json)
    {
        this.json = json;
        line = 1;

        // One more than ours, so that ours is the one that speaks.
        reader = new(json, new JsonReaderOptions { AllowMultipleValues = true, MaxDepth = WireContext.MaximumDepth + 1 });
    }

    /// <exception cref="SyntaxException">The text is not JSON, or an object has a key twice.</exception>
    public static IReadOnlyList<Node> Compose(ReadOnlySpan<byte> utf8)
    {
        DocumentText.Decode(utf8, firstLine: 1);
        var composer = new JsonComposer(utf8);
        try
        {
            var documents = new List<Node>();
            while (composer.reader.Read())
            {
                documents.Add(composer.Compose(depth: 0));
            }

            return documents;
        }
        catch (JsonException e)
        {
            throw new SyntaxException((int)(e.LineNumber ?? 0) + 1, e.Message.Split(" LineNumber:")[0].Split(" Change the reader options")[0].TrimEnd('.'));
        }
    }

    private Node Compose(int depth)
    {
        var start = Line();
        SyntaxException.ThrowIfTooDeep(depth, start);
        return reader.TokenType switch
        {
            JsonTokenType.StartObject => ComposeMap(depth, start),
            JsonTokenType.StartArray => ComposeList(depth, start),
            JsonTokenType.String => Node.Scalar(NodeKind.String, ReadText(), start),
            JsonTokenType.Number => Node.Scalar(NodeKind.Number, Encoding.UTF8.GetString(reader.ValueSpan), start),
            JsonTokenType.True => Node.Scalar(NodeKind.Bool, "true", start),
            JsonTokenType.False => Node.Scalar(NodeKind.Bool, "false", start),
            _ => Node.Scalar(NodeKind.Null, "", start),
        };
    }

    private Node ComposeMap(int depth, int start)
    {
        var fields = new List<NodeField>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var (name, at) = (ReadText(), Line());
            if (!names.Add(name))
            {
                throw new SyntaxException(at, $"key \"{name}\" already set in map");
            }

            reader.Read();
            fields.Add(new(name, at, Compose(depth + 1)));
        }

        return Node.Map(fields, start);
    }

    private Node ComposeList(int depth, int start)
    {
        var items = new List<Node>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            items.Add(Compose(depth + 1));
        }

        return Node.List(items, start);
    }

    private string ReadText()
    {
        try
        {
            return reader.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, written as an escape.
            throw new SyntaxException(Line(), "invalid Unicode escape in a string");
        }
    }

    /// <summary>The line of the current token.</summary>
    private int Line()
    {
        line += json[(int)countedTo..(int)reader.TokenStartIndex].Count((byte)'\n');
        countedTo = reader.TokenStartIndex;
        return line;
    }
}
