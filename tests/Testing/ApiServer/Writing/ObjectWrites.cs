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
        var metadata = Preconditions.Identify(resource, body, @namespace, null);
        if (metadata["resourceVersion"] is not null)
        {
            throw new ApiFailure(500, "", "resourceVersion should not be set on objects to be created");
        }

        if ((string?)metadata["name"] is null or "" && (string?)metadata["generateName"] is { Length: > 0 } prefix)
        {
            metadata["name"] = prefix + Guid.NewGuid().ToString("N")[..5];
        }

        Preconditions.CheckNamespace(resource, @namespace, (string?)metadata["name"] ?? "", latest);
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
        Preconditions.CheckVersion(request, Preconditions.Identify(resource, after, request.Namespace, request.Name), before["metadata"]!.AsObject());
        Preconditions.Keep(request, after, before);
        Defaults.Decode(resource, after);
        if (resource.Kind == "Service")
        {
            ServiceAddresses.Keep(after, before);
        }

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
