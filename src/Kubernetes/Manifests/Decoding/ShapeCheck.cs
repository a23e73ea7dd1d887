using System.Globalization;
using IngressController.Cluster;
using IngressController.Kubernetes.Manifests.Documents;
using IngressController.Kubernetes.Manifests.Validation;
using IngressController.Kubernetes.Wire;

namespace IngressController.Kubernetes.Manifests.Decoding;

/// <summary>Compares a document with the shape of its wire type and says in the words of Go's decoder what does not fit, so that decoding cannot fail afterwards.</summary>
/// <param name="reportsUnknownFields">A field that the API does not have is a warning.</param>
internal sealed class ShapeCheck(bool reportsUnknownFields, FieldErrors errors)
{
    public void Check(Node document, WireShape shape) => Check(document, shape, new Place(FieldPath.Root, "", ""));

    private void Check(Node node, WireShape shape, Place place)
    {
        if (node.Kind == NodeKind.Null || shape.Type == typeof(StatusOwner)) // takes anything
        {
            return;
        }

        if (shape.Type == typeof(IntOrString))
        {
            CheckIntOrString(node, place);
        }
        else if (shape.Element is { } element)
        {
            CheckElements(node, shape, element, place);
        }
        else if (shape.Type == typeof(string))
        {
            Expect(node, NodeKind.String, shape, place);
        }
        else if (shape.Type == typeof(bool))
        {
            Expect(node, NodeKind.Bool, shape, place);
        }
        else if (shape.Type == typeof(int))
        {
            CheckInteger(node, shape, place);
        }
        else if (Expect(node, NodeKind.Map, shape, place))
        {
            CheckFields(node, shape, place);
        }
    }

    private void CheckFields(Node node, WireShape shape, Place place)
    {
        foreach (var field in node.Fields)
        {
            if (shape.Fields.TryGetValue(field.Name, out var fieldShape))
            {
                Check(field.Value, fieldShape, place.Field(field.Name, shape.Type.Name));
            }
            else if (reportsUnknownFields && !shape.Unread.Contains(field.Name))
            {
                var path = place.Path.Child(field.Name);
                var known = shape.Fields.Keys.Concat(shape.Unread).Order(StringComparer.Ordinal);
                errors.Add(path, $"unknown field \"{path}\"", $"The fields here are {string.Join(", ", known)}", Severity.Warning);
            }
        }
    }

    private void CheckElements(Node node, WireShape shape, WireShape element, Place place)
    {
        var isMap = shape.Type.GetGenericTypeDefinition() == typeof(Dictionary<,>);
        if (!Expect(node, isMap ? NodeKind.Map : NodeKind.List, shape, place))
        {
            return;
        }

        foreach (var field in node.Fields)
        {
            Check(field.Value, element, place with { Path = place.Path.Key(field.Name) });
        }

        foreach (var (index, item) in node.Items.Index())
        {
            Check(item, element, place with { Path = place.Path.Index(index) });
        }
    }

    private void CheckInteger(Node node, WireShape shape, Place place)
    {
        if (node.Kind == NodeKind.Number && !IsInt32(node))
        {
            Mismatch($"number {node.Text}", shape.GoType, place, "Write a whole number");
        }
        else
        {
            Expect(node, NodeKind.Number, shape, place);
        }
    }

    private void CheckIntOrString(Node node, Place place)
    {
        if (node.Kind != NodeKind.String && !IsInt32(node))
        {
            var value = node.Kind == NodeKind.Number ? $"number {node.Text}" : GoKind(node);
            errors.Add(place.Path, $"json: cannot unmarshal {value} into Go value of type int32", "Write a name or a whole number");
        }
    }

    private bool Expect(Node node, NodeKind kind, WireShape shape, Place place)
    {
        if (node.Kind == kind)
        {
            return true;
        }

        var cure = (kind, node.Kind) switch
        {
            (NodeKind.String, NodeKind.Bool or NodeKind.Number) => "Quote the value",
            (NodeKind.Bool or NodeKind.Number, NodeKind.String) => "Write the value without quotes",
            (NodeKind.List, _) => "Write a list",
            (NodeKind.Map, _) => "Write a mapping",
            _ => "Write a single value",
        };
        Mismatch(GoKind(node), shape.GoType, place, cure);
        return false;
    }

    private void Mismatch(string value, string goType, Place place, string cure) => errors.Add(
        place.Path,
        place.Struct.Length == 0
            ? $"json: cannot unmarshal {value} into Go value of type {goType}"
            : $"json: cannot unmarshal {value} into Go struct field {place.Struct}.{place.GoPath} of type {goType}",
        cure);

    private static bool IsInt32(Node node) =>
        node.Kind == NodeKind.Number && int.TryParse(node.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);

    private static string GoKind(Node node) => node.Kind switch
    {
        NodeKind.List => "array",
        NodeKind.Map => "object",
        _ => node.Kind.ToString().ToLowerInvariant(),
    };

    /// <param name="Struct">The innermost struct, as Go's decoder names it.</param>
    /// <param name="GoPath">The fields from the outermost struct on, without indexes and keys.</param>
    private sealed record Place(FieldPath Path, string Struct, string GoPath)
    {
        public Place Field(string name, string @struct) => new(Path.Child(name), @struct, GoPath.Length == 0 ? name : $"{GoPath}.{name}");
    }
}
