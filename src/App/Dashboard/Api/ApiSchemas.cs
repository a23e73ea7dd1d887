using System.ComponentModel;
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
            var schema = type.GetJsonSchemaAsNode(new() { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Complete });
            All[name] = schema;
        }

        return ReferenceTo(name);
    }

    private static string NameOf(Type type) => type.IsGenericType ? $"{NameOf(type.GetGenericArguments()[0])}Page" : type.Name;

    private static JsonObject ReferenceTo(string name) => new() { ["$ref"] = $"#/components/schemas/{name}" };

    private JsonNode Complete(JsonSchemaExporterContext context, JsonNode node)
    {
        if (node is not JsonObject schema)
        {
            return node;
        }

        if (context.TypeInfo.Kind == JsonTypeInfoKind.Object)
        {
            schema = context.Path.IsEmpty ? Strict(schema, context.TypeInfo) : Part(schema, context);
        }

        if (schema["enum"] is JsonArray words)
        {
            schema["type"] = words.Contains(null) ? new JsonArray("string", "null") : "string";
        }

        if (context.PropertyInfo?.AttributeProvider?.GetCustomAttributes(typeof(DescriptionAttribute), inherit: false) is [DescriptionAttribute { Description: var description }])
        {
            schema["description"] = description;
        }

        return schema;
    }

    private static JsonObject Strict(JsonObject schema, JsonTypeInfo type)
    {
        schema["required"] = new JsonArray([.. type.Properties.Select(property => (JsonNode?)property.Name)]);
        schema["additionalProperties"] = false;
        return schema;
    }

    /// <summary>Each type is described once; the exporter would refer to places within one description.</summary>
    private JsonObject Part(JsonObject schema, JsonSchemaExporterContext context)
    {
        var name = NameOf(context.TypeInfo.Type);
        if (!All.ContainsKey(name) && schema.ContainsKey("properties"))
        {
            schema["type"] = "object";
            All[name] = Strict(schema, context.TypeInfo);
        }

        return context.PropertyInfo is { IsGetNullable: true }
            ? new() { ["anyOf"] = new JsonArray(ReferenceTo(name), new JsonObject { ["type"] = "null" }) }
            : ReferenceTo(name);
    }
}
