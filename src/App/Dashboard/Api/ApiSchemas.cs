using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;

namespace IngressController.App.Dashboard.Api;

/// <summary>JSON schemas (2020-12) of the types that are written. Every member is always there, and there are no others.</summary>
internal sealed class ApiSchemas
{
    public JsonObject All { get; } = [];

    public JsonObject Reference(JsonTypeInfo type)
    {
        var name = NameOf(type.Type);
        if (!All.ContainsKey(name))
        {
            All[name] = type.GetJsonSchemaAsNode(new() { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Complete });
        }

        return new() { ["$ref"] = $"#/components/schemas/{name}" };
    }

    private static string NameOf(Type type) => type.IsGenericType ? $"{NameOf(type.GetGenericArguments()[0])}Page" : type.Name;

    private static JsonNode Complete(JsonSchemaExporterContext context, JsonNode node)
    {
        if (node is not JsonObject schema)
        {
            return node;
        }

        if (context.TypeInfo.Kind == JsonTypeInfoKind.Object)
        {
            schema["required"] = new JsonArray([.. context.TypeInfo.Properties.Select(property => (JsonNode?)property.Name)]);
            schema["additionalProperties"] = false;
        }

        if (context.PropertyInfo?.AttributeProvider?.GetCustomAttributes(typeof(DescriptionAttribute), inherit: false) is [DescriptionAttribute { Description: var description }])
        {
            schema["description"] = description;
        }

        return schema;
    }
}
