using System.Globalization;
using System.Text.Json.Nodes;

namespace IngressController.Testing.ApiServer.Reading;

/// <summary>How lists and watches read the resourceVersion that they are asked for.</summary>
internal static class ResourceVersions
{
    /// <summary>Null for whatever is latest.</summary>
    /// <exception cref="ApiFailure">500, as the real server has it: no number.</exception>
    public static long? Parse(string? text) =>
        string.IsNullOrEmpty(text) ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw new ApiFailure(500, "", $"resourceVersion: Invalid value: \"{text}\": strconv.ParseUint: parsing \"{text}\": invalid syntax");

    public static ApiFailure InvalidOptions(string field, string message) => new(
        422, "Invalid", $"ListOptions.meta.k8s.io \"\" is invalid: {field}: {message}", new()
        {
            ["group"] = "meta.k8s.io",
            ["kind"] = "ListOptions",
            ["causes"] = new JsonArray(new JsonObject { ["reason"] = "FieldValueForbidden", ["message"] = message, ["field"] = field }),
        });
}
