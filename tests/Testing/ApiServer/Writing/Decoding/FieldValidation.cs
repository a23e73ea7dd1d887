using System.Text.Json.Nodes;
using IngressController.Testing.ApiServer.Storage;
using Microsoft.AspNetCore.Http;

namespace IngressController.Testing.ApiServer.Writing.Decoding;

/// <summary>What the query's <c>fieldValidation</c> makes of fields that the server does not know: an error (Strict), a warning (Warn, where nothing is said), nothing (Ignore).</summary>
internal static class FieldValidation
{
    /// <returns>The body as the server's types hold it.</returns>
    /// <exception cref="ApiFailure">400; of a patch 422.</exception>
    public static JsonObject Decode(HttpContext context, ApiResource resource, JsonObject body, bool isPatched = false)
    {
        var sent = isPatched ? body.ToJsonString() : "";
        var unknown = Prune(resource, body, sent).Select(path => $"unknown field \"{path}\"").ToList();
        switch ((string?)context.Request.Query["fieldValidation"])
        {
            case "Strict" when unknown.Count > 0:
                throw Refusal(resource, sent, $"strict decoding error: {string.Join(", ", unknown)}");
            case null or "" or "Warn":
                unknown.ForEach(warning => context.Response.Headers.Append("Warning", $"299 - \"{warning.Replace("\"", "\\\"", StringComparison.Ordinal)}\""));
                break;
        }

        return body;
    }

    private static IReadOnlyList<string> Prune(ApiResource resource, JsonObject body, string patched)
    {
        try
        {
            return KnownFields.Prune(resource, body);
        }
        catch (FormatException e)
        {
            throw Refusal(resource, patched, e.Message);
        }
    }

    private static ApiFailure Refusal(ApiResource resource, string patched, string error) => patched.Length > 0
        ? InvalidPatch(patched, error)
        : ApiFailure.BadRequest($"{resource.Kind} in version \"{resource.Version}\" cannot be handled as a {resource.Kind}: {error}");

    private static ApiFailure InvalidPatch(string patched, string error)
    {
        var message = $"Invalid value: {JsonValue.Create(patched).ToJsonString()}: {error}";
        return new(422, "Invalid", $" \"\" is invalid: patch: {message}", new()
        {
            ["causes"] = new JsonArray(new JsonObject { ["reason"] = "FieldValueInvalid", ["message"] = message, ["field"] = "patch" }),
        });
    }
}
