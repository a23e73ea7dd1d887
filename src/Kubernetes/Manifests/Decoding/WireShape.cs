using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Text.Json.Serialization.Metadata;
using IngressController.Cluster;
using IngressController.Kubernetes.Manifests.Documents;
using IngressController.Kubernetes.Manifests.Validation;
using IngressController.Kubernetes.Wire;

namespace IngressController.Kubernetes.Manifests.Decoding;

/// <summary>Which JSON a wire type takes. Compares a document with it and says in Go's words what does not fit, so that decoding cannot fail afterwards.</summary>
internal sealed class WireShape
{
    private static readonly ConcurrentDictionary<Type, WireShape> Known = new();

    private readonly Type type;
    private readonly string goType;

    /// <summary>Of the elements of a list or the values of a map.</summary>
    private readonly WireShape? element;
    private readonly Dictionary<string, WireShape> fields = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<string> unread;

    private WireShape(Type type, string goType, JsonTypeInfo info)
    {
        (this.type, this.goType) = (type, goType);
        unread = type.GetCustomAttribute<UnreadFieldsAttribute>()?.Names ?? [];
        element = info.ElementType is { } elementType ? Of(elementType, info.Options.GetTypeInfo(elementType)) : null;
        foreach (var property in info.Properties)
        {
            var shape = Of(property.PropertyType, info.Options.GetTypeInfo(property.PropertyType));
            var name = property.AttributeProvider?.GetCustomAttributes(typeof(GoTypeAttribute), inherit: false).Cast<GoTypeAttribute>().FirstOrDefault()?.Name;
            fields[property.Name] = name is null ? shape : new(shape, name);
        }
    }

    private WireShape(WireShape like, string goType)
    {
        (type, this.goType, element, fields, unread) = (like.type, goType, like.element, like.fields, like.unread);
    }

    public static WireShape Of(JsonTypeInfo info) => Of(info.Type, info);

    /// <param name="reportsUnknownFields">A field that the API does not have is a warning.</param>
    public void Check(Node document, bool reportsUnknownFields, FieldErrors errors) =>
        new Walk(reportsUnknownFields, errors).Check(document, this, new Place(FieldPath.Root, "", ""));

    private static WireShape Of(Type type, JsonTypeInfo info)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        return Known.GetOrAdd(plain, static (type, info) => new WireShape(type, GoTypeOf(type), info), info);
    }

    private static string GoTypeOf(Type type) => type switch
    {
        _ when type == typeof(string) => "string",
        _ when type == typeof(int) => "int32",
        _ when type == typeof(bool) => "bool",
        { IsGenericType: true } when type.GetGenericTypeDefinition() == typeof(List<>) => "[]" + GoTypeOf(type.GenericTypeArguments[0]),
        { IsGenericType: true } => "map[string]string",
        _ => (type.Namespace!.EndsWith("V1Beta1", StringComparison.Ordinal) ? "v1beta1." : "v1.") + type.Name,
    };

    /// <param name="Struct">The innermost struct, as Go's decoder names it.</param>
    /// <param name="GoPath">The fields from the outermost struct on, without indexes and keys.</param>
    private sealed record Place(FieldPath Path, string Struct, string GoPath)
    {
        public Place Field(string name, string @struct) => new(Path.Child(name), @struct, GoPath.Length == 0 ? name : $"{GoPath}.{name}");
    }

    private sealed class Walk(bool reportsUnknownFields, FieldErrors errors)
    {
        public void Check(Node node, WireShape shape, Place place)
        {
            if (node.Kind == NodeKind.Null)
            {
                return;
            }

            if (shape.type == typeof(IntOrString))
            {
                CheckIntOrString(node, place);
            }
            else if (shape.element is { } element)
            {
                CheckElements(node, shape, element, place);
            }
            else if (shape.type == typeof(string))
            {
                Expect(node, NodeKind.String, shape, place);
            }
            else if (shape.type == typeof(bool))
            {
                Expect(node, NodeKind.Bool, shape, place);
            }
            else if (shape.type == typeof(int))
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
                if (shape.fields.TryGetValue(field.Name, out var fieldShape))
                {
                    Check(field.Value, fieldShape, place.Field(field.Name, shape.type.Name));
                }
                else if (reportsUnknownFields && !shape.unread.Contains(field.Name))
                {
                    var path = place.Path.Child(field.Name);
                    var known = shape.fields.Keys.Concat(shape.unread).Order(StringComparer.Ordinal);
                    errors.Add(path, $"unknown field \"{path}\"", $"The fields here are {string.Join(", ", known)}", Severity.Warning);
                }
            }
        }

        private void CheckElements(Node node, WireShape shape, WireShape element, Place place)
        {
            var isMap = shape.type.GetGenericTypeDefinition() == typeof(Dictionary<,>);
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
                Mismatch($"number {node.Text}", shape.goType, place, "Write a whole number");
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
            Mismatch(GoKind(node), shape.goType, place, cure);
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
    }
}
