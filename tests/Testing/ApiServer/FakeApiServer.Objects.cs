using System.Text.Json.Nodes;
using IngressController.Testing.ApiServer.Access;
using IngressController.Testing.ApiServer.Storage;
using IngressController.Testing.ApiServer.Writing;
using IngressController.Testing.ApiServer.Writing.Ownership;

namespace IngressController.Testing.ApiServer;

/// <summary>What a test puts into the cluster and reads from it, past authentication.</summary>
public sealed partial class FakeApiServer
{
    private static readonly FieldOwner Kubectl = new("kubectl");

    /// <summary>Everything that was asked, in order.</summary>
    public IReadOnlyCollection<ObservedRequest> Requests => handler.Observed;

    /// <summary>Creates or replaces the objects of YAML documents, with status, and makes the namespaces that they need. Roles and bindings grant rights.</summary>
    public void Apply(string yaml)
    {
        foreach (var document in YamlObjects.Read(yaml).Where(item => ApiResource.All.Any(resource => resource.Kind == (string?)item["kind"] && resource.ApiVersion == (string?)item["apiVersion"])))
        {
            Apply(document);
        }
    }

    /// <summary>The object as it is stored; null where there is none.</summary>
    /// <param name="namespace">Empty for cluster-scoped kinds.</param>
    public JsonObject? Find(string kind, string @namespace, string name) => store.Latest.Find(ApiResource.OfKind(kind), @namespace, name)?.ToJson();

    /// <summary>All objects of the kind, in all namespaces.</summary>
    public IReadOnlyList<JsonObject> All(string kind) => [.. store.Latest.List(ApiResource.OfKind(kind), "").Select(item => item.ToJson())];

    /// <summary>Deletes as a client does: what has finalizers, and a namespace, only begins to go.</summary>
    public void Delete(string kind, string @namespace, string name)
    {
        var resource = ApiResource.OfKind(kind);
        writes.Delete(new("delete", resource, @namespace, name, ""));
    }

    /// <param name="verb">create, get, list, watch, update, patch, delete.</param>
    /// <param name="resource"><c>ingresses</c>, <c>ingresses/status</c>.</param>
    public int Count(string verb, string resource) => Requests.Count(request => request.Verb == verb && request.Resource == resource);

    /// <param name="user"><c>system:serviceaccount:NAMESPACE:NAME</c>, or any name.</param>
    public void AddToken(string token, string user) => authentication.Add(token, new User(user));

    /// <summary>Only over TLS.</summary>
    /// <param name="expires">From now; a day where null; may be past.</param>
    /// <returns>PEM.</returns>
    public (string Certificate, string Key) IssueCertificate(string user, TimeSpan? expires = null, params string[] groups) =>
        authority!.IssueTo(user, expires ?? TimeSpan.FromDays(1), groups);

    /// <summary>Requests with it get 401 from now on; streams that are open go on.</summary>
    public void ExpireToken(string token) => authentication.Expire(token);

    /// <summary>After <see cref="ExpireToken"/> of it.</summary>
    public void RenewAdminToken() => authentication.Add(AdminToken, User.Admin);

    /// <summary>Withdraws every right that was granted by RBAC objects.</summary>
    public void WithdrawRights()
    {
        foreach (var (kind, item) in Rbac.Kinds.SelectMany(kind => All(kind).Select(item => (kind, item["metadata"]!))))
        {
            Delete(kind, (string?)item["namespace"] ?? "", (string)item["name"]!);
        }
    }

    /// <summary>Creates or replaces one object, as <see cref="Apply(string)"/> does.</summary>
    public void Apply(JsonObject body)
    {
        var resource = ApiResource.OfKind((string)body["kind"]!);
        var name = (string?)body["metadata"]?["name"] ?? "";
        var @namespace = resource.IsNamespaced ? (string?)body["metadata"]?["namespace"] ?? "default" : "";
        if (resource.IsNamespaced && Find("Namespace", "", @namespace) is null)
        {
            AddNamespace(@namespace);
        }

        var request = new ApiRequest("update", resource, @namespace, name, "");
        if (Find(resource.Kind, @namespace, name) is null)
        {
            writes.Create(resource, @namespace, body.DeepClone().AsObject(), Kubectl);
        }
        else
        {
            writes.Update(request, current => Over(current, body.DeepClone().AsObject()), Kubectl);
        }

        if (resource.HasStatus && body["status"] is { } status)
        {
            writes.Update(request with { Subresource = "status" }, current => MergePatch.Apply(current, new JsonObject { ["status"] = status.DeepClone() })!.AsObject(), Kubectl with { Subresource = "status" });
        }
    }

    /// <summary>The wanted object, as if its writer had read the current one just before.</summary>
    private static JsonObject Over(JsonObject current, JsonObject wanted)
    {
        var metadata = (wanted["metadata"] ??= new JsonObject()).AsObject();
        foreach (var field in new[] { "name", "resourceVersion" })
        {
            metadata[field] = current["metadata"]![field]!.DeepClone();
        }

        return wanted;
    }
}
