using System.Globalization;

namespace IngressController.Kubernetes.Manifests.Documents;

/// <summary>The place of a field in an object; prints as the API server writes it: <c>spec.rules[0].host</c>, <c>data[tls.crt]</c>.</summary>
internal sealed record FieldPath
{
    public static FieldPath Root { get; } = new();

    private FieldPath()
    {
    }

    /// <summary>Null for the object itself.</summary>
    public FieldPath? Parent { get; private init; }

    /// <summary>The name of a field or the key of a map; null for an element of a list.</summary>
    public string? Name { get; private init; }

    /// <summary>The index of an element of a list.</summary>
    public int Position { get; private init; }

    private bool IsKey { get; init; }

    public FieldPath Child(string name) => new() { Parent = this, Name = name };

    public FieldPath Index(int position) => new() { Parent = this, Position = position };

    public FieldPath Key(string key) => new() { Parent = this, Name = key, IsKey = true };

    /// <summary>Reads what <see cref="ToString"/> writes. The text need not name a field that exists.</summary>
    public static FieldPath Parse(ReadOnlySpan<char> text)
    {
        var path = Root;
        while (!text.IsEmpty)
        {
            if (text[0] == '[')
            {
                var end = text.IndexOf(']');
                var inside = end < 0 ? text[1..] : text[1..end];
                path = int.TryParse(inside, NumberStyles.None, CultureInfo.InvariantCulture, out var position) ? path.Index(position) : path.Key(inside.ToString());
                text = end < 0 ? default : text[(end + 1)..];
                continue;
            }

            text = text.TrimStart('.');
            var next = text.IndexOfAny('.', '[');
            path = path.Child((next < 0 ? text : text[..next]).ToString());
            text = next < 0 ? default : text[next..];
        }

        return path;
    }

    public override string ToString()
    {
        var parent = Parent?.ToString() ?? "";
        return this switch
        {
            { Parent: null } => "",
            { Name: null } => $"{parent}[{Position.ToString(CultureInfo.InvariantCulture)}]",
            { IsKey: true } => $"{parent}[{Name}]",
            _ => parent.Length == 0 ? Name : $"{parent}.{Name}",
        };
    }
}
