using System.Text.Json.Nodes;

namespace IngressController.EndToEnd.Chart;

/// <summary>Where roles are made and to whom they are bound. That they are what the program needs is shown by <see cref="LeastPrivilegeTests"/>.</summary>
public sealed class RightsTests
{
    [Theory]
    [InlineData("", "ingress/edge-ingress-controller")]
    [InlineData("controller.watchNamespaces={shop,blog}", "blog/ingress:edge-ingress-controller", "ingress/edge-ingress-controller", "shop/ingress:edge-ingress-controller")]
    [InlineData("controller.watchNamespaces={ingress}", "ingress/edge-ingress-controller", "ingress/ingress:edge-ingress-controller")]
    [InlineData(
        "controller.watchNamespaces={shop},controller.defaultBackendService=web/fallback:80",
        "ingress/edge-ingress-controller", "shop/ingress:edge-ingress-controller", "web/ingress:edge-ingress-controller:default-backend")]
    [InlineData(
        "controller.watchNamespaces={shop},controller.defaultTlsSecret=certs/wildcard",
        "certs/ingress:edge-ingress-controller:default-certificate", "ingress/edge-ingress-controller", "shop/ingress:edge-ingress-controller")]
    [InlineData("controller.watchNamespaces={shop},controller.defaultTlsSecret=shop/wildcard", "ingress/edge-ingress-controller", "shop/ingress:edge-ingress-controller")]
    public async Task Each_watched_namespace_has_a_role_and_what_is_outside_them_a_small_one(string set, params string[] roles)
    {
        var rendering = await Helm.TemplateAsync(set.Length == 0 ? [] : ["--set", set]);
        Assert.Equal(roles, rendering.All("Role").Select(role => $"{role["metadata"]!["namespace"]}/{role["metadata"]!["name"]}").Order(StringComparer.Ordinal));
        Assert.Equal(set.Length == 0, Resources(rendering.One("ClusterRole")).Contains("secrets"));
        Assert.All(rendering.All("Role").Where(role => (string?)role["metadata"]!["namespace"] is "ingress" or "web" && !set.EndsWith("{ingress}", StringComparison.Ordinal)), role => Assert.DoesNotContain("secrets", Resources(role)));
        AssertBound(rendering);
    }

    [Theory]
    [InlineData("controller.watchNamespaces={shop}", true)]
    [InlineData("controller.watchNamespaces={shop},publish.addresses={192.0.2.1}", false)]
    [InlineData("controller.watchNamespaces={shop},publish.service=false", false)]
    [InlineData("controller.watchNamespaces={shop},service.enabled=false", false)]
    [InlineData("controller.watchNamespaces={shop,ingress}", false)]
    public async Task The_charts_own_Service_may_be_read_by_its_name_where_nothing_else_grants_it(string set, bool isGranted)
    {
        var own = (await Helm.TemplateAsync("--set", set)).One("Role", "edge-ingress-controller")["rules"]!.AsArray();
        var rule = own.SingleOrDefault(rule => rule!["resources"]![0]!.ToString() == "services");
        Assert.Equal(isGranted ? "edge-ingress-controller" : null, (string?)rule?["resourceNames"]![0]);
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

    private static IEnumerable<string> Resources(JsonObject role) => role["rules"]!.AsArray().SelectMany(rule => rule!["resources"]!.AsArray()).Select(resource => (string)resource!);
}
