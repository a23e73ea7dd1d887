using System.Text.Json.Nodes;
using IngressController.Testing.ApiServer.Storage;

namespace IngressController.Testing.ApiServer;

/// <summary>An answer that is no success, as a Status (apimachinery's api/errors).</summary>
/// <param name="reason">Empty where the real server gives none.</param>
internal sealed class ApiFailure(int code, string reason, string message, JsonObject? details = null) : Exception(message)
{
    public int Code => code;

    /// <summary>For <c>metadata.continue</c>; only of an expired list.</summary>
    public string? Continue { get; init; }

    public static ApiFailure Unauthorized() => new(401, "Unauthorized", "Unauthorized");

    public static ApiFailure BadRequest(string message) => new(400, "BadRequest", message);

    public static ApiFailure NotFound(ApiResource resource, string name) =>
        new(404, "NotFound", $"{resource} \"{name}\" not found", DetailsOf(resource, name));

    public static ApiFailure AlreadyExists(ApiResource resource, string name) =>
        new(409, "AlreadyExists", $"{resource} \"{name}\" already exists", DetailsOf(resource, name));

    public static ApiFailure Conflict(ApiResource resource, string name, string why = "the object has been modified; please apply your changes to the latest version and try again") =>
        new(409, "Conflict", $"Operation cannot be fulfilled on {resource} \"{name}\": {why}", DetailsOf(resource, name));

    public static ApiFailure Forbidden(ApiResource resource, string name, string why) =>
        new(403, "Forbidden", $"{resource}{(name.Length == 0 ? "" : $" \"{name}\"")} is forbidden: {why}", DetailsOf(resource, name));

    public static ApiFailure MethodNotAllowed() =>
        new(405, "MethodNotAllowed", "the server does not allow this method on the requested resource", []);

    public static ApiFailure UnsupportedMediaType(params string[] accepted) =>
        new(415, "UnsupportedMediaType", $"the body of the request was in an unknown format - accepted media types include: {string.Join(", ", accepted)}");

    /// <summary>A watch or list from a revision that was compacted away.</summary>
    public static ApiFailure Expired(string message) => new(410, "Expired", message);

    public static ApiFailure TooLargeVersion(long asked, long current) => new(504, "Timeout", $"Timeout: Too large resource version: {asked}, current: {current}", new()
    {
        ["causes"] = new JsonArray(new JsonObject { ["reason"] = "ResourceVersionTooLarge", ["message"] = "Too large resource version" }),
        ["retryAfterSeconds"] = 1,
    });

    public JsonObject ToStatus()
    {
        var status = new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = Continue is null ? [] : new JsonObject { ["continue"] = Continue },
            ["status"] = "Failure",
            ["message"] = Message,
        };
        if (reason.Length > 0)
        {
            status["reason"] = reason;
        }

        if (details is not null)
        {
            status["details"] = details.DeepClone();
        }

        status["code"] = code;
        return status;
    }

    /// <param name="kind">The plural, but for invalid objects, which the real server names by their kind.</param>
    public static JsonObject DetailsOf(ApiResource resource, string name, string? kind = null)
    {
        var details = new JsonObject();
        if (name.Length > 0)
        {
            details["name"] = name;
        }

        if (resource.Group.Length > 0)
        {
            details["group"] = resource.Group;
        }

        details["kind"] = kind ?? resource.Plural;
        return details;
    }
}
