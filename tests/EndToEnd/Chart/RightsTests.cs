using System.Text.Json.Nodes;

namespace IngressController.EndToEnd.Chart;

/// <summary>The identity of the pods may do what the program does, and nothing else.</summary>
public sealed class RightsTests
{
    private static readonly string[] OfTheCluster =
    [
        "list /namespaces", "list networking.k8s.io/ingressclasses", "watch /namespaces", "watch networking.k8s.io/ingressclasses",
    ];

    private static readonly string[] OfEachNamespace =
    [
        "create events.k8s.io/events", "get networking.k8s.io/ingresses/status",
        "list /configmaps", "list /secrets", "list /services", "list discovery.k8s.io/endpointslices", "list networking.k8s.io/ingresses",
        "patch events.k8s.io/events", "patch networking.k8s.io/ingresses/status",
        "watch /configmaps", "watch /secrets", "watch /services", "watch discovery.k8s.io/endpointslices", "watch networking.k8s.io/ingresses",
    ];

    private static readonly string[] OfItsOwnNamespace =
    [
        "create coordination.k8s.io/leases", "get coordination.k8s.io/leases", "update coordination.k8s.io/leases",
    ];

    [Fact]
    public async Task Everything_is_read_by_one_cluster_role()
    {
        var rendering = await Helm.TemplateAsync();
        Assert.Equal([.. OfTheCluster.Concat(OfEachNamespace).Order(StringComparer.Ordinal)], Rules(rendering.One("ClusterRole")));
        Assert.Equal(OfItsOwnNamespace, Rules(rendering.One("Role")));
        Assert.Equal("ingress", (string?)rendering.One("Role")["metadata"]!["namespace"]);
        AssertBound(rendering);
    }

    [Fact]
    public async Task Watched_namespaces_have_a_role_each()
    {
        var rendering = await Helm.TemplateAsync("--set", "controller.watchNamespaces={shop,blog}");
        Assert.Equal(OfTheCluster, Rules(rendering.One("ClusterRole")));
        var roles = rendering.All("Role").ToDictionary(role => (string)role["metadata"]!["namespace"]!, Rules);
        Assert.Equal(["blog", "ingress", "shop"], roles.Keys.Order());
        Assert.Equal(OfEachNamespace, roles["shop"]);
        Assert.Equal(OfEachNamespace, roles["blog"]);
        Assert.Equal(OfItsOwnNamespace, roles["ingress"]);
        AssertBound(rendering);
    }

    [Fact]
    public async Task The_own_namespace_can_be_watched_too()
    {
        var rendering = await Helm.TemplateAsync("--set", "controller.watchNamespaces={ingress}");
        var rules = rendering.All("Role").SelectMany(Rules);
        Assert.Equal([.. OfEachNamespace.Concat(OfItsOwnNamespace).Order(StringComparer.Ordinal)], rules.Order(StringComparer.Ordinal));
        AssertBound(rendering);
    }

    [Fact]
    public async Task Without_a_cluster_role_nothing_outside_the_namespaces_is_made_but_the_class()
    {
        var rendering = await Helm.TemplateAsync("--set", "controller.watchNamespaces={shop},rbac.clusterRole=false");
        Assert.Equal(["IngressClass"], rendering.Objects.Where(item => item["metadata"]!["namespace"] is null).Select(item => (string?)item["kind"]));
        AssertBound(rendering);
    }

    [Fact]
    public async Task Releases_of_one_name_in_two_namespaces_share_nothing()
    {
        var first = await Helm.TemplateAsync("--set", "ingressClass.enabled=false");
        var second = await Helm.TemplateAsync("--set", "ingressClass.enabled=false", "--namespace", "other");
        static IEnumerable<string> Names(Rendering rendering) => rendering.Objects.Select(item => $"{item["kind"]} {item["metadata"]!["namespace"]} {item["metadata"]!["name"]}");
        Assert.Empty(Names(first).Intersect(Names(second)));
    }

    [Fact]
    public async Task A_given_service_account_is_bound_and_not_made()
    {
        var rendering = await Helm.TemplateAsync("--set", "serviceAccount.create=false,serviceAccount.name=given");
        Assert.Empty(rendering.All("ServiceAccount"));
        Assert.Equal("given", (string?)rendering.Pod()["serviceAccountName"]);
        AssertBound(rendering);
    }

    [Fact]
    public async Task Roles_can_be_left_to_others()
    {
        var rendering = await Helm.TemplateAsync("--set", "rbac.create=false");
        Assert.DoesNotContain(rendering.Objects, item => ((string)item["apiVersion"]!).StartsWith("rbac", StringComparison.Ordinal));
    }

    /// <summary>Every role is bound to the account of the pods, by a binding beside it.</summary>
    private static void AssertBound(Rendering rendering)
    {
        static string Place(JsonNode item) => $"{item["metadata"]!["namespace"]}/{item["metadata"]!["name"]}";
        foreach (var kind in new[] { "ClusterRole", "Role" })
        {
            Assert.Equal(rendering.All(kind).Select(Place).Order(), rendering.All($"{kind}Binding").Select(Place).Order());
            Assert.All(rendering.All($"{kind}Binding"), binding =>
            {
                Assert.Equal($"{kind} {binding["metadata"]!["name"]}", $"{binding["roleRef"]!["kind"]} {binding["roleRef"]!["name"]}");
                var subject = Assert.Single(binding["subjects"]!.AsArray())!;
                Assert.Equal($"ServiceAccount ingress/{rendering.Pod()["serviceAccountName"]}", $"{subject["kind"]} {subject["namespace"]}/{subject["name"]}");
            });
        }
    }

    /// <summary><c>verb group/resource</c>, sorted.</summary>
    private static string[] Rules(JsonObject role) => [.. role["rules"]!.AsArray()
        .SelectMany(rule => rule!["apiGroups"]!.AsArray().SelectMany(group => rule["resources"]!.AsArray()
            .SelectMany(resource => rule["verbs"]!.AsArray().Select(verb => $"{verb} {group}/{resource}"))))
        .Order(StringComparer.Ordinal)];
}
