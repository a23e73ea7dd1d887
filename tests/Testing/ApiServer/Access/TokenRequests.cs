using System.Globalization;
using System.Text.Json.Nodes;

namespace IngressController.Testing.ApiServer.Access;

/// <summary>authentication.k8s.io/v1 TokenRequest: a token of a service account, for a while.</summary>
internal sealed class TokenRequests(Authentication authentication, TimeProvider time)
{
    private const long Hour = 3600;

    /// <exception cref="ApiFailure">422: shorter than ten minutes or longer than 2^32 seconds.</exception>
    public JsonObject Create(ApiRequest request, JsonObject body)
    {
        var seconds = (long?)body["spec"]?["expirationSeconds"] ?? Hour;
        if (seconds is < 600 or > 1L << 32)
        {
            throw Invalid($"Invalid value: {seconds}: may not specify a duration {(seconds < 600 ? "less than 10 minutes" : "larger than 2^32 seconds")}");
        }

        var (now, token) = (time.GetUtcNow(), $"{Guid.NewGuid():N}{Guid.NewGuid():N}");
        authentication.Add(token, new User($"system:serviceaccount:{request.Namespace}:{request.Name}"), now.AddSeconds(seconds));
        return new()
        {
            ["kind"] = "TokenRequest",
            ["apiVersion"] = "authentication.k8s.io/v1",
            ["metadata"] = new JsonObject { ["name"] = request.Name, ["namespace"] = request.Namespace, ["creationTimestamp"] = Text(now) },
            ["spec"] = new JsonObject
            {
                ["audiences"] = body["spec"]?["audiences"] is JsonArray { Count: > 0 } given ? given.DeepClone() : new JsonArray("https://kubernetes.default.svc.cluster.local"),
                ["expirationSeconds"] = seconds,
                ["boundObjectRef"] = body["spec"]?["boundObjectRef"]?.DeepClone(),
            },
            ["status"] = new JsonObject { ["token"] = token, ["expirationTimestamp"] = Text(now.AddSeconds(seconds)) },
        };
    }

    private static ApiFailure Invalid(string message) => new(422, "Invalid", $"TokenRequest.authentication.k8s.io \"\" is invalid: spec.expirationSeconds: {message}", new()
    {
        ["group"] = "authentication.k8s.io",
        ["kind"] = "TokenRequest",
        ["causes"] = new JsonArray(new JsonObject { ["reason"] = "FieldValueInvalid", ["message"] = message, ["field"] = "spec.expirationSeconds" }),
    });

    private static string Text(DateTimeOffset at) => at.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
