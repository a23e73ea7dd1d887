using System.Text.Json;

namespace IngressController.Kubernetes.Manifests.Documents;

internal enum NodeKind
{
    Null,
    Bool,
    Number,
    String,
    List,
    Map,
}

internal readonly record struct NodeField(string Name, int Line, Node Value);

/// <summary>A value of a document as JSON knows it, with the line that it stands on. Aliases share nodes, so this is a graph without cycles.</summary>
internal sealed class Node
{
    private Node(NodeKind kind, int line, string text, IReadOnlyList<Node> items, IReadOnlyList<NodeField> fields)
    {
        (Kind, Line, Text, Items, Fields) = (kind, line, text, items, fields);
        Weight = 1 + text.Length;
        foreach (var item in items)
        {
            (Weight, Height) = (Weight + item.Weight, Math.Max(Height, item.Height + 1));
        }

        foreach (var field in fields)
        {
            (Weight, Height) = (Weight + field.Name.Length + field.Value.Weight, Math.Max(Height, field.Value.Height + 1));
        }
    }

    public NodeKind Kind { get; }

    /// <summary>Counted from 1.</summary>
    public int Line { get; }

    /// <summary>The content of a string, the JSON text of a number or bool; else empty.</summary>
    public string Text { get; }

    public IReadOnlyList<Node> Items { get; }

    /// <summary>Names are unique.</summary>
    public IReadOnlyList<NodeField> Fields { get; }

    /// <summary>About how many characters the value has once aliases are written out.</summary>
    public long Weight { get; }

    /// <summary>How many levels stand below.</summary>
    public int Height { get; }

    public static Node Scalar(NodeKind kind, string text, int line) => new(kind, line, text, [], []);

    public static Node List(IReadOnlyList<Node> items, int line) => new(NodeKind.List, line, "", items, []);

    public static Node Map(IReadOnlyList<NodeField> fields, int line) => new(NodeKind.Map, line, "", [], fields);

    public NodeField? Find(string name)
    {
        foreach (var field in Fields)
        {
            if (field.Name == name)
            {
                return field;
            }
        }

        return null;
    }

    /// <summary>The text of the string in that field; null where there is none.</summary>
    public string? FindText(string name) => Find(name)?.Value is { Kind: NodeKind.String } text ? text.Text : null;

    /// <summary>The line of the field, or of what is nearest above it.</summary>
    public int LineOf(FieldPath path) => Locate(path).Line;

    public byte[] ToJson()
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
        {
            Write(writer);
        }

        return json.ToArray();
    }

    private (int Line, Node? Value) Locate(FieldPath path)
    {
        if (path.Parent is null)
        {
            return (Line, this);
        }

        var parent = Locate(path.Parent);
        if (path.Name is { } name)
        {
            return parent.Value?.Find(name) is { } field ? (field.Line, field.Value) : (parent.Line, null);
        }

        return parent.Value is { } list && path.Position < list.Items.Count
            ? (list.Items[path.Position].Line, list.Items[path.Position])
            : (parent.Line, null);
    }

    private void Write(Utf8JsonWriter writer)
    {
        switch (Kind)
        {
            case NodeKind.String:
                writer.WriteStringValue(Text);
                break;
            case NodeKind.List:
                writer.WriteStartArray();
                foreach (var item in Items)
                {
                    item.Write(writer);
                }

                writer.WriteEndArray();
                break;
            case NodeKind.Map:
                writer.WriteStartObject();
                foreach (var field in Fields)
                {
                    writer.WritePropertyName(field.Name);
                    field.Value.Write(writer);
                }

                writer.WriteEndObject();
                break;
            default:
                writer.WriteRawValue(Kind == NodeKind.Null ? "null" : Text);
                break;
        }
    }
}
