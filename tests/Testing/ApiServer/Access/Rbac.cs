using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace IngressController.Testing.ApiServer.Access;

/// <summary>Allows what Roles and ClusterRoles grant through their bindings; whoever is in system:masters may do anything.</summary>
internal sealed class Rbac
{
    private ImmutableList<JsonObject> objects = [];

    /// <param name="documents">Other kinds, as a rendered chart has them, are passed over.</param>
    public void Add(IEnumerable<JsonObject> documents) =>
        ImmutableInterlocked.Update(ref objects, (known, added) => known.AddRange(added), documents.Where(item => ((string?)item["apiVersion"] ?? "").StartsWith("rbac.authorization.k8s.io/", StringComparison.Ordinal)).ToList());

    /// <summary>Forgets every role and binding.</summary>
    public void Clear() => Volatile.Write(ref objects, []);

    /// <exception cref="ApiFailure">403 in the words of the real server.</exception>
    public void Authorize(User user, ApiRequest request)
    {
        if (user.Groups.Contains("system:masters") || Volatile.Read(ref objects).Exists(binding => Grants(binding, user, request)))
        {
            return;
        }

        var resource = request.Subresource.Length == 0 ? request.Resource.Plural : $"{request.Resource.Plural}/{request.Subresource}";
        var where = request.Namespace.Length == 0 ? "at the cluster scope" : $"in the namespace \"{request.Namespace}\"";
        throw ApiFailure.Forbidden(
            request.Resource, request.Name, $"User \"{user.Name}\" cannot {request.Verb} resource \"{resource}\" in API group \"{request.Resource.Group}\" {where}");
    }

    /// <summary>A RoleBinding grants in its own namespace only, also where it names a ClusterRole.</summary>
    private bool Grants(JsonObject binding, User user, ApiRequest request)
    {
        var @namespace = NamespaceOf(binding);
        var isBinding = Text(binding, "kind") == "ClusterRoleBinding" || Text(binding, "kind") == "RoleBinding" && @namespace == request.Namespace;
        return isBinding
            && Items(binding, "subjects").Any(subject => IsUser(subject!, user, @namespace))
            && binding["roleRef"] is { } reference
            && Volatile.Read(ref objects).Exists(role =>
                Text(role, "kind") == Text(reference, "kind")
                && Text(role["metadata"], "name") == Text(reference, "name")
                && (Text(role, "kind") == "ClusterRole" || NamespaceOf(role) == @namespace)
                && Items(role, "rules").Any(rule => Covers(rule!, request)));
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

    private static string NamespaceOf(JsonNode item) => Text(item["metadata"], "namespace") is { Length: > 0 } given ? given
        : Text(item, "kind").StartsWith("Cluster", StringComparison.Ordinal) ? "" : "default";

    private static string Text(JsonNode? parent, string field) => (string?)parent?[field] ?? "";
}
