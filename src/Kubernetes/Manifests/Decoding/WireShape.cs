using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json.Serialization.Metadata;
using IngressController.Kubernetes.Wire;

namespace IngressController.Kubernetes.Manifests.Decoding;

/// <summary>Which JSON a wire type takes, and how the API's own source calls its types.</summary>
internal sealed class WireShape
{
    private static readonly ConcurrentDictionary<Type, WireShape> Known = new();

    private WireShape(Type type, string goType, JsonTypeInfo info)
    {
        (Type, GoType) = (type, goType);
        Unread = type.GetCustomAttribute<UnreadFieldsAttribute>()?.Names ?? [];
        Element = info.ElementType is { } elementType ? Of(elementType, info.Options.GetTypeInfo(elementType)) : null;
        var fields = new Dictionary<string, WireShape>(StringComparer.Ordinal);
        foreach (var property in info.Properties)
        {
            var shape = Of(property.PropertyType, info.Options.GetTypeInfo(property.PropertyType));
            var name = property.AttributeProvider?.GetCustomAttributes(typeof(GoTypeAttribute), inherit: false).Cast<GoTypeAttribute>().FirstOrDefault()?.Name;
            fields[property.Name] = name is null ? shape : new(shape, name);
        }

        Fields = fields;
    }

    private WireShape(WireShape like, string goType)
    {
        (Type, GoType, Element, Fields, Unread) = (like.Type, goType, like.Element, like.Fields, like.Unread);
    }

    public Type Type { get; }

    public string GoType { get; }

    /// <summary>Of the elements of a list or the values of a map; null for others.</summary>
    public WireShape? Element { get; }

    public IReadOnlyDictionary<string, WireShape> Fields { get; }

    /// <summary>Fields that the API has and that nothing reads.</summary>
    public IReadOnlyList<string> Unread { get; }

    public static WireShape Of(JsonTypeInfo info) => Of(info.Type, info);

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
}
