using System.Text.Json.Nodes;
using IngressController.Testing.ApiServer.Storage;

namespace IngressController.Testing.ApiServer.Access;

/// <summary>Allows what Roles and ClusterRoles grant through their bindings; whoever is in system:masters may do anything.</summary>
internal sealed class Rbac(ObjectStore store)
{
    public static IReadOnlyList<string> Kinds { get; } = ["ClusterRoleBinding", "RoleBinding", "ClusterRole", "Role"];

    /// <exception cref="ApiFailure">403 in the words of the real server.</exception>
    public void Authorize(User user, ApiRequest request)
    {
        if (user.Groups.Contains("system:masters") || IsGranted(user, request, store.Latest))
        {
            return;
        }

        var resource = request.Subresource.Length == 0 ? request.Resource.Plural : $"{request.Resource.Plural}/{request.Subresource}";
        var where = request.Namespace.Length == 0 ? "at the cluster scope" : $"in the namespace \"{request.Namespace}\"";
        throw ApiFailure.Forbidden(
            request.Resource, request.Name, $"User \"{user.Name}\" cannot {request.Verb} resource \"{resource}\" in API group \"{request.Resource.Group}\" {where}");
    }

    /// <summary>A RoleBinding grants in its own namespace only, also where it names a ClusterRole.</summary>
    private static bool IsGranted(User user, ApiRequest request, Revision latest)
    {
        var ofCluster = latest.List(ApiResource.OfKind("ClusterRoleBinding"), "");
        var ofNamespace = request.Namespace.Length == 0 ? [] : latest.List(ApiResource.OfKind("RoleBinding"), request.Namespace);
        return ofCluster.Concat(ofNamespace).Any(binding => Grants(binding.ToJson(), binding.Namespace, user, request, latest));
    }

    private static bool Grants(JsonObject binding, string @namespace, User user, ApiRequest request, Revision latest)
    {
        if (!Items(binding, "subjects").Any(subject => IsUser(subject!, user, @namespace)))
        {
            return false;
        }

        var kind = ApiResource.OfKind(Text(binding["roleRef"], "kind"));
        var role = latest.Find(kind, kind.IsNamespaced ? @namespace : "", Text(binding["roleRef"], "name"));
        return role is not null && Items(role.ToJson(), "rules").Any(rule => Covers(rule!, request));
    }

    private static bool IsUser(JsonNode subject, User user, string bindingNamespace) => Text(subject, "kind") switch
    {
        "ServiceAccount" => user.Name == $"system:serviceaccount:{(Text(subject, "namespace") is { Length: > 0 } own ? own : bindingNamespace)}:{Text(subject, "name")}",
        "Group" => user.Groups.Contains(Text(subject, "name")),
        _ => user.Name == Text(subject, "name"),
    };

    private static bool Covers(JsonNode rule, ApiRequest request)
    {
        var (plural, subresource) = (request.Resource.Plural, request.Subresource);
        var resources = subresource.Length == 0 ? new[] { "*", plural } : ["*", $"{plural}/{subresource}", $"*/{subresource}"];
        return Has(rule, "verbs", "*", request.Verb)
            && Has(rule, "apiGroups", "*", request.Resource.Group)
            && Has(rule, "resources", resources)
            && (Items(rule, "resourceNames").Count == 0 || request.Name.Length > 0 && Has(rule, "resourceNames", request.Name));
    }

    private static bool Has(JsonNode rule, string field, params string[] any) => Items(rule, field).Any(item => any.Contains((string?)item));

    private static JsonArray Items(JsonNode parent, string field) => parent[field] as JsonArray ?? [];

    private static string Text(JsonNode? parent, string field) => (string?)parent?[field] ?? "";
}
