using System.Globalization;
using System.Text.Json.Nodes;
using IngressController.Testing.ApiServer.Storage;
using IngressController.Testing.ApiServer.Writing.Ownership;

namespace IngressController.Testing.ApiServer.Writing;

/// <summary>Creates, changes and deletes objects as the real registry does. Every method throws <see cref="ApiFailure"/> for what is refused.</summary>
/// <param name="clock">For timestamps.</param>
internal sealed class ObjectWrites(ObjectStore store, TimeProvider clock)
{
    public StoredObject Create(ApiResource resource, string @namespace, JsonObject body, FieldOwner owner) => Write(latest =>
    {
        var metadata = Identify(resource, body, @namespace, null);
        if (metadata["resourceVersion"] is not null)
        {
            throw new ApiFailure(500, "", "resourceVersion should not be set on objects to be created");
        }

        if ((string?)metadata["name"] is null or "" && (string?)metadata["generateName"] is { Length: > 0 } prefix)
        {
            metadata["name"] = prefix + Guid.NewGuid().ToString("N")[..5];
        }

        CheckNamespace(resource, @namespace, (string?)metadata["name"] ?? "", latest);
        if (resource.HasStatus)
        {
            body.Remove("status");
        }

        Defaults.Decode(resource, body);
        ManagedFields.Record(resource, body, null, owner, Now()); // what admission and allocation add is nobody's
        Defaults.Admit(resource, body, latest);
        ObjectRules.Check(resource, body, null);
        var name = (string)metadata["name"]!;
        if (latest.Find(resource, @namespace, name) is not null)
        {
            throw ApiFailure.AlreadyExists(resource, name);
        }

        metadata["uid"] = Guid.NewGuid().ToString();
        metadata["creationTimestamp"] = Now();
        metadata["generation"] = resource.HasGeneration ? 1 : null;
        Defaults.Fill(resource, body, latest);
        return new(null, Stamp(resource, body, latest), IsDeletion: false);
    }).Object;

    /// <param name="change">The object that is wanted, given the one that is.</param>
    public StoredObject Update(ApiRequest request, Func<JsonObject, JsonObject> change, FieldOwner owner) => Write(latest =>
    {
        var resource = request.Resource;
        var current = latest.Find(resource, request.Namespace, request.Name) ?? throw ApiFailure.NotFound(resource, request.Name);
        var before = current.ToJson();
        var after = change(current.ToJson());
        CheckVersion(request, Identify(resource, after, request.Namespace, request.Name), before["metadata"]!.AsObject());
        Keep(request, after, before);
        Defaults.Decode(resource, after);
        Defaults.Fill(resource, after, latest);
        ObjectRules.Check(resource, after, before);
        if (JsonNode.DeepEquals(after, before))
        {
            return new(current, current, IsDeletion: false);
        }

        ManagedFields.Record(resource, after, before, owner, Now());
        var metadata = after["metadata"]!.AsObject();
        if (resource.HasGeneration && !JsonNode.DeepEquals(Wanted(after), Wanted(before)))
        {
            metadata["generation"] = (long)before["metadata"]!["generation"]! + 1;
        }

        var isGone = metadata["deletionTimestamp"] is not null && metadata["finalizers"] is not JsonArray { Count: > 0 };
        return new(current, Stamp(resource, after, latest), isGone);
    }).Object;

    /// <summary>An object with finalizers, and every namespace, only begins to go.</summary>
    public StoredObject Delete(ApiRequest request) => Write(latest =>
    {
        var current = latest.Find(request.Resource, request.Namespace, request.Name) ?? throw ApiFailure.NotFound(request.Resource, request.Name);
        var body = current.ToJson();
        var stays = request.Resource.Kind == "Namespace" || body["metadata"]!["finalizers"] is JsonArray { Count: > 0 };
        if (stays && body["metadata"]!["deletionTimestamp"] is not null)
        {
            return new(current, current, IsDeletion: false);
        }

        if (stays)
        {
            body["metadata"]!["deletionTimestamp"] = Now();
        }

        if (request.Resource.Kind == "Namespace")
        {
            body["status"] = new JsonObject { ["phase"] = "Terminating" };
        }

        return new(current, Stamp(request.Resource, body, latest), !stays);
    }).Object;

    private Change Write(Func<Revision, Change> write)
    {
        Change? made = null;
        store.Write(latest => (made = write(latest)).Object == made.Before ? null : made);
        return made!;
    }

    /// <summary>Brings the body into the stored form and holds it against the path.</summary>
    private static JsonObject Identify(ApiResource resource, JsonObject body, string @namespace, string? name)
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

    private static void CheckNamespace(ApiResource resource, string @namespace, string name, Revision latest)
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

    private static void CheckVersion(ApiRequest request, JsonObject wanted, JsonObject current)
    {
        var (version, uid) = ((string?)wanted["resourceVersion"] ?? "", (string?)wanted["uid"] ?? "");
        if (version is "" or "0" && request.Resource.NeedsVersionToUpdate)
        {
            throw new ApiFailure(422, "Invalid", $"{request.Resource} \"{request.Name}\" is invalid: metadata.resourceVersion: Invalid value: 0x0: must be specified for an update", ApiFailure.DetailsOf(request.Resource, request.Name));
        }

        if (uid.Length > 0 && uid != (string?)current["uid"])
        {
            throw ApiFailure.Conflict(request.Resource, request.Name, $"Precondition failed: UID in precondition: {uid}, UID in object meta: {current["uid"]}");
        }

        if (version is not ("" or "0") && version != (string?)current["resourceVersion"])
        {
            throw ApiFailure.Conflict(request.Resource, request.Name);
        }
    }

    /// <summary>What a writer may not change: identity, and either the status or all but the status.</summary>
    private static void Keep(ApiRequest request, JsonObject after, JsonObject before)
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

    private static JsonObject Wanted(JsonObject body)
    {
        var wanted = body.DeepClone().AsObject();
        wanted.Remove("metadata");
        wanted.Remove("status");
        return wanted;
    }

    private static StoredObject Stamp(ApiResource resource, JsonObject body, Revision latest)
    {
        var metadata = body["metadata"]!.AsObject();
        metadata["resourceVersion"] = (latest.Number + 1).ToString(CultureInfo.InvariantCulture);
        if (metadata["generation"] is null)
        {
            metadata.Remove("generation");
        }

        return new(resource, body);
    }

    private string Now() => clock.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
