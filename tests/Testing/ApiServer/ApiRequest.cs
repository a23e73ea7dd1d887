using IngressController.Testing.ApiServer.Reading;
using IngressController.Testing.ApiServer.Storage;
using Microsoft.AspNetCore.Http;

namespace IngressController.Testing.ApiServer;

/// <summary>What a request asks of which resource, as authorization and the counts see it.</summary>
/// <param name="Verb">create, get, list, watch, update, patch, delete, deletecollection.</param>
/// <param name="Namespace">Empty at the cluster scope; of a Namespace its own name.</param>
/// <param name="Name">Empty for create, and for list and watch unless a field selector names the one object.</param>
/// <param name="Subresource">Empty, <c>status</c>, or <c>token</c> of a service account.</param>
internal sealed record ApiRequest(string Verb, ApiResource Resource, string Namespace, string Name, string Subresource)
{
    /// <summary>Null where the server has nothing under that path.</summary>
    /// <param name="path">Without the server's base path.</param>
    public static ApiRequest? Parse(HttpRequest request, string path)
    {
        var (group, rest) = path.Split('/', StringSplitOptions.RemoveEmptyEntries) switch
        {
            ["api", var version, .. var parts] => (("", version), parts),
            ["apis", var name, var version, .. var parts] => ((name, version), parts),
            _ => (("", ""), []),
        };
        var @namespace = "";
        if (rest is ["namespaces", var scope, _, ..] && rest is not ["namespaces", _, "status" or "finalize"])
        {
            (@namespace, rest) = (scope, rest[2..]);
        }

        if (rest.Length is 0 or > 3 || ApiResource.Find(group.Item1, group.Item2, rest[0]) is not { } resource)
        {
            return null;
        }

        var (objectName, subresource) = (rest.ElementAtOrDefault(1) ?? "", rest.ElementAtOrDefault(2) ?? "");
        var isScoped = resource.IsNamespaced || @namespace.Length == 0;
        var isWhole = !resource.IsNamespaced || objectName.Length == 0 || @namespace.Length > 0;
        if (!isScoped || !isWhole || !HasSubresource(resource, subresource))
        {
            return null;
        }

        @namespace = resource.Kind == "Namespace" ? objectName : @namespace;
        return new(VerbOf(request, objectName), resource, @namespace, objectName.Length > 0 ? objectName : Selector.NameIn(request.Query["fieldSelector"]), subresource);
    }

    private static bool HasSubresource(ApiResource resource, string name) => name.Length == 0 || (name == "status" && resource.HasStatus) || (name == "token" && resource.HasToken);

    private static string VerbOf(HttpRequest request, string name) => request.Method switch
    {
        "POST" => "create",
        "PUT" => "update",
        "PATCH" => "patch",
        "DELETE" => name.Length == 0 ? "deletecollection" : "delete",
        "GET" or "HEAD" when name.Length > 0 => "get",
        "GET" or "HEAD" => (string?)request.Query["watch"] is "1" or "true" ? "watch" : "list",
        _ => request.Method.ToLowerInvariant(),
    };
}
