using System.Text.Json.Nodes;
using IngressController.Testing.ApiServer.Storage;

namespace IngressController.Testing.ApiServer.Writing;

/// <summary>What a written object must agree with: the path that it is written to, its namespace, and the object as it is. Refusals are <see cref="ApiFailure"/>s.</summary>
internal static class Preconditions
{
    /// <summary>Brings the body into the stored form and holds it against the path.</summary>
    public static JsonObject Identify(ApiResource resource, JsonObject body, string @namespace, string? name)
    {
        var (kind, apiVersion) = ((string?)body["kind"] ?? resource.Kind, (string?)body["apiVersion"] ?? resource.ApiVersion);
        if (apiVersion != resource.ApiVersion)
        {
            throw ApiFailure.BadRequest($"the API version in the data ({apiVersion}) does not match the expected API version ({resource.ApiVersion})");
        }

        if (kind != resource.Kind)
        {
            throw ApiFailure.BadRequest($"{kind} in version \"{resource.Version}\" cannot be handled as a {resource.Kind}");
        }

        body.Remove("kind");
        body.Remove("apiVersion");
        var metadata = (body["metadata"] ??= new JsonObject()).AsObject();
        if (resource.IsNamespaced && ((string?)metadata["namespace"] ?? @namespace) != @namespace)
        {
            throw ApiFailure.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
        }

        if (name is not null && ((string?)metadata["name"] ?? "") != name)
        {
            throw ApiFailure.BadRequest($"the name of the object ({(string?)metadata["name"]}) does not match the name on the URL ({name})");
        }

        if (resource.IsNamespaced)
        {
            metadata["namespace"] = @namespace;
        }

        return metadata;
    }

    /// <summary>Nothing is made in a namespace that is missing or goes.</summary>
    public static void CheckNamespace(ApiResource resource, string @namespace, string name, Revision latest)
    {
        if (!resource.IsNamespaced)
        {
            return;
        }

        var kind = ApiResource.OfKind("Namespace");
        var found = latest.Find(kind, "", @namespace) ?? throw ApiFailure.NotFound(kind, @namespace);
        if (found.ToJson()["metadata"]!["deletionTimestamp"] is not null)
        {
            throw ApiFailure.Forbidden(resource, name, $"unable to create new content in namespace {@namespace} because it is being terminated");
        }
    }

    /// <summary>Whoever names a state or an identity means that one only.</summary>
    public static void CheckVersion(ApiRequest request, JsonObject wanted, JsonObject current)
    {
        var (version, uid) = ((string?)wanted["resourceVersion"] ?? "", (string?)wanted["uid"] ?? "");
        if (version is "" or "0" && request.Resource.NeedsVersionToUpdate)
        {
            throw new ApiFailure(422, "Invalid", $"{request.Resource} \"{request.Name}\" is invalid: metadata.resourceVersion: Invalid value: 0x0: must be specified for an update", ApiFailure.DetailsOf(request.Resource, request.Name));
        }

        var isOther = uid.Length > 0 && uid != (string?)current["uid"];
        if (isOther && request.Verb != "patch")
        {
            throw ApiFailure.Conflict(request.Resource, request.Name, $"Precondition failed: UID in precondition: {uid}, UID in object meta: {current["uid"]}");
        }

        if (version is not ("" or "0") && version != (string?)current["resourceVersion"])
        {
            throw ApiFailure.Conflict(request.Resource, request.Name);
        }

        if (isOther)
        {
            throw new ApiFailure(422, "Invalid", $"{request.Resource} \"{request.Name}\" is invalid: metadata.uid: Invalid value: \"{uid}\": field is immutable", ApiFailure.DetailsOf(request.Resource, request.Name));
        }
    }

    /// <summary>What a writer may not change: identity, and either the status or all but the status.</summary>
    public static void Keep(ApiRequest request, JsonObject after, JsonObject before)
    {
        foreach (var field in new[] { "uid", "resourceVersion", "creationTimestamp", "deletionTimestamp", "generation", "managedFields" })
        {
            Restore(after["metadata"]!.AsObject(), before["metadata"]!.AsObject(), field);
        }

        if (request.Subresource == "status")
        {
            Restore(after, before, "spec");
        }
        else if (request.Resource.HasStatus)
        {
            Restore(after, before, "status");
        }
    }

    private static void Restore(JsonObject after, JsonObject before, string field)
    {
        after.Remove(field);
        if (before[field] is { } value)
        {
            after[field] = value.DeepClone();
        }
    }
}
