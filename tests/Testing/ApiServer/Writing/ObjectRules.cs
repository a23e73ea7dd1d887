using System.Text.Json;
using System.Text.Json.Nodes;
using IngressController.Kubernetes.Manifests.Decoding;
using IngressController.Kubernetes.Manifests.Documents;
using IngressController.Kubernetes.Manifests.Validation;
using IngressController.Testing.ApiServer.Storage;

namespace IngressController.Testing.ApiServer.Writing;

/// <summary>Refuses what the real server refuses: where the program has the rules for manifests, with those.</summary>
internal static class ObjectRules
{
    /// <exception cref="ApiFailure">400 where the object does not decode, 422 where it is invalid.</exception>
    public static void Check(ApiResource resource, JsonObject body, JsonObject? before)
    {
        var errors = new FieldErrors();
        if (ManifestKind.Find(resource.ApiVersion, resource.Kind) is { } known)
        {
            known.Read(JsonComposer.Compose(JsonSerializer.SerializeToUtf8Bytes(body))[0], errors);
        }

        switch (resource.Kind)
        {
            case "Ingress":
                StatusRules.Check(body, errors);
                break;
            case "EndpointSlice":
                EndpointSliceRules.Check(body, errors);
                break;
            case "Service":
                ServiceAddresses.Check(body, before, errors);
                break;
            case "Lease":
                LeaseRules.Check(body, errors);
                break;
            case "Event":
                EventRules.Check(body, before, errors);
                break;
        }

        Refuse(resource, (string?)body["metadata"]?["name"] ?? "", errors);
    }

    private static void Refuse(ApiResource resource, string name, FieldErrors errors)
    {
        if (!errors.IsRefused)
        {
            return;
        }

        var refused = errors.Errors.Where(error => error.Severity == Cluster.Severity.Error).ToList();
        if (refused.Find(error => error.Message.StartsWith("json: ", StringComparison.Ordinal) || error.Message.StartsWith("illegal base64", StringComparison.Ordinal)) is { } mismatch)
        {
            throw ApiFailure.BadRequest($"{resource.Kind} in version \"{resource.Version}\" cannot be handled as a {resource.Kind}: {mismatch.Message}");
        }

        var messages = refused.Select(error => $"{error.Path}: {error.Message}").Distinct().ToList();
        var details = ApiFailure.DetailsOf(resource, name, resource.Kind);
        details["causes"] = new JsonArray([.. refused.Select(error => new JsonObject
        {
            ["reason"] = ReasonOf(error.Message),
            ["message"] = error.Message,
            ["field"] = error.Path.ToString(),
        })]);
        var all = messages.Count == 1 ? messages[0] : $"[{string.Join(", ", messages)}]";
        throw new ApiFailure(422, "Invalid", $"{resource.QualifiedKind} \"{name}\" is invalid: {all}", details);
    }

    private static string ReasonOf(string message) => message[..Math.Max(0, message.IndexOf(':', StringComparison.Ordinal))] switch
    {
        "" when message == "Required value" => "FieldValueRequired",
        "Required value" => "FieldValueRequired",
        "Unsupported value" => "FieldValueNotSupported",
        "Duplicate value" => "FieldValueDuplicate",
        "Forbidden" => "FieldValueForbidden",
        "Too long" => "FieldValueTooLong",
        "Too many" => "FieldValueTooMany",
        _ => "FieldValueInvalid",
    };
}
