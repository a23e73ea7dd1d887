using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace IngressController.App.Dashboard.Api;

/// <summary>The API described as OpenAPI 3.1. Shapes come from the very types that are written, so that they cannot be described otherwise than they are.</summary>
internal static class OpenApiDocument
{
    private static readonly Lazy<byte[]> Made = new(static () => Encoding.UTF8.GetBytes(Make().ToJsonString(new() { WriteIndented = true, TypeInfoResolver = new DefaultJsonTypeInfoResolver(), Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping })));

    public static ReadOnlyMemory<byte> Bytes => Made.Value;

    private static JsonObject Make()
    {
        var schemas = new ApiSchemas();
        var paths = new JsonObject();
        foreach (var operation in ApiOperation.All)
        {
            paths[operation.Path] = new JsonObject { ["get"] = Operation(operation, schemas) };
        }

        return new()
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject
            {
                ["title"] = "ingress-controller",
                ["version"] = AppVersion.Text,
                ["description"] = "What the controller serves and how it goes, at its admin port. Reads only. Times are ISO 8601 in UTC, durations milliseconds, rates per second.",
            },
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = schemas.All,
                ["securitySchemes"] = new JsonObject
                {
                    ["token"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer", ["description"] = "Of --admin-token-file; not needed from loopback" },
                },
            },
            ["security"] = new JsonArray(new JsonObject(), new JsonObject { ["token"] = new JsonArray() }),
        };
    }

    private static JsonObject Operation(ApiOperation operation, ApiSchemas schemas)
    {
        var answers = new JsonObject
        {
            ["200"] = new JsonObject { ["description"] = operation.Summary, ["content"] = Content(operation, schemas) },
        };
        foreach (var (status, when) in operation.Errors)
        {
            answers[status] = new JsonObject
            {
                ["description"] = when,
                ["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = schemas.Reference(ApiJson.Shapes.ErrorItem) } },
            };
        }

        return new()
        {
            ["operationId"] = operation.Id,
            ["summary"] = operation.Summary,
            ["parameters"] = new JsonArray([.. operation.Parameters.Select(parameter => Parameter(operation, parameter))]),
            ["responses"] = answers,
        };
    }

    /// <summary>Of a stream each event's data is described; which event has which is told in words, as OpenAPI 3.1 knows no streams.</summary>
    private static JsonObject Content(ApiOperation operation, ApiSchemas schemas)
    {
        if (operation.Events.Count == 0)
        {
            var schema = operation.Answer is { } answer ? schemas.Reference(answer) : new JsonObject { ["type"] = "object" };
            return new() { ["application/json"] = new JsonObject { ["schema"] = schema } };
        }

        var events = operation.Events.Select(JsonNode? (told) => new JsonObject
        {
            ["title"] = told.Name,
            ["description"] = $"The data of the event {told.Name}",
            ["allOf"] = new JsonArray(schemas.Reference(told.Type)),
        });
        return new() { ["text/event-stream"] = new JsonObject { ["schema"] = new JsonObject { ["oneOf"] = new JsonArray([.. events]) } } };
    }

    private static JsonObject Parameter(ApiOperation operation, ApiParameter parameter)
    {
        var isInPath = operation.Path.Contains($"{{{parameter.Name}}}", StringComparison.Ordinal);
        return new()
        {
            ["name"] = parameter.Name,
            ["in"] = isInPath ? "path" : "query",
            ["required"] = isInPath || parameter.IsRequired,
            ["description"] = parameter.Description,
            ["schema"] = parameter.Schema(),
        };
    }
}
