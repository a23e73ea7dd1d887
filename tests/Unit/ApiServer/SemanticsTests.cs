using IngressController.Testing;
using IngressController.Testing.ApiServer;

namespace IngressController.Unit.ApiServer;

/// <summary>What no exchange was recorded for.</summary>
public sealed class SemanticsTests
{
    private const string Rights = """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: {name: reader, namespace: default}
        rules:
        - {apiGroups: [networking.k8s.io], resources: [ingresses], verbs: [get, list, watch]}
        - {apiGroups: [networking.k8s.io], resources: [ingresses/status], verbs: [patch]}
        - {apiGroups: [""], resources: [secrets], resourceNames: [one], verbs: [get]}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: reader, namespace: default}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
        subjects: [{kind: ServiceAccount, name: web, namespace: default}]
        """;

    [Theory]
    [InlineData("GET", Api.InDefault, 200)]
    [InlineData("GET", Api.Ingresses, 403)]
    [InlineData("DELETE", Api.InDefault + "/web", 403)]
    [InlineData("PUT", Api.InDefault + "/web/status", 403)]
    [InlineData("GET", "/api/v1/namespaces/default/secrets/one", 404)]
    [InlineData("GET", "/api/v1/namespaces/default/secrets/two", 403)]
    [InlineData("GET", "/api/v1/namespaces/default/secrets", 403)]
    [InlineData("GET", "/api/v1/namespaces/kube-system/secrets/one", 403)]
    public async Task A_role_grants_its_verbs_in_its_namespace(string method, string target, int status)
    {
        await using var api = await Api.StartAsync();
        api.Server.AddToken("web", "system:serviceaccount:default:web");
        api.Server.Apply(Rights);
        using var answer = await api.SendAsync(method, target, token: "web");
        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Fact]
    public async Task A_write_of_the_same_state_changes_nothing()
    {
        await using var api = await Api.StartAsync();
        var created = await api.AskAsync("POST", Api.InDefault, Api.Ingress("web"));
        var updated = await api.AskAsync("PATCH", $"{Api.InDefault}/web", """{"metadata":{"labels":null}}""", "application/merge-patch+json");
        Assert.Equal((string?)created["metadata"]!["resourceVersion"], (string?)updated["metadata"]!["resourceVersion"]);
    }

    [Fact]
    public async Task Generation_counts_changes_of_the_spec_only_and_status_is_written_under_its_own_path()
    {
        await using var api = await Api.StartAsync();
        await api.AskAsync("POST", Api.InDefault, Api.Ingress("web"));
        var patched = await api.AskAsync("PATCH", $"{Api.InDefault}/web", """{"metadata":{"labels":{"a":"b"}},"status":{"loadBalancer":{"ingress":[{"ip":"192.0.2.1"}]}}}""", "application/merge-patch+json");
        Assert.Equal(1, (int)patched["metadata"]!["generation"]!);
        Assert.Equal("{\"loadBalancer\":{}}", patched["status"]!.ToJsonString());
        patched = await api.AskAsync("PATCH", $"{Api.InDefault}/web", """{"spec":{"tls":null}}""", "application/merge-patch+json");
        Assert.Equal(2, (int)patched["metadata"]!["generation"]!);
    }

    [Fact]
    public async Task A_strategic_patch_is_not_understood()
    {
        await using var api = await Api.StartAsync();
        Assert.Equal(415, (int)(await api.AskAsync("PATCH", $"{Api.InDefault}/web", "{}", "application/strategic-merge-patch+json"))["code"]!);
    }

    [Fact]
    public async Task A_status_with_a_wrong_address_is_invalid()
    {
        await using var api = await Api.StartAsync();
        await api.AskAsync("POST", Api.InDefault, Api.Ingress("web"));
        var answer = await api.AskAsync("PATCH", $"{Api.InDefault}/web/status", """{"status":{"loadBalancer":{"ingress":[{"ip":"lb.example.com"}]}}}""", "application/merge-patch+json");
        Assert.Equal(422, (int)answer["code"]!);
        Assert.Equal("status.loadBalancer.ingress[0].ip", (string?)answer["details"]!["causes"]![0]!["field"]);
    }

    [Fact]
    public async Task A_lease_is_updated_only_from_the_state_that_was_read()
    {
        await using var api = await Api.StartAsync();
        const string leases = "/apis/coordination.k8s.io/v1/namespaces/default/leases";
        var lease = await api.AskAsync("POST", leases, """{"metadata":{"name":"lock"},"spec":{"holderIdentity":"a"}}""");
        lease["spec"]!["holderIdentity"] = "b";
        Assert.Equal("b", (string?)(await api.AskAsync("PUT", $"{leases}/lock", lease.ToJsonString()))["spec"]!["holderIdentity"]);
        Assert.Equal("Conflict", (string?)(await api.AskAsync("PUT", $"{leases}/lock", lease.ToJsonString()))["reason"]);
        lease["metadata"]!.AsObject().Remove("resourceVersion");
        Assert.Contains("must be specified for an update", (string?)(await api.AskAsync("PUT", $"{leases}/lock", lease.ToJsonString()))["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Selectors_choose_by_label_and_type_and_a_watch_sees_objects_come_and_go()
    {
        await using var api = await Api.StartAsync();
        api.Server.Apply("apiVersion: v1\nkind: Secret\nmetadata: {name: one, labels: {app: web}}\n---\napiVersion: v1\nkind: Secret\nmetadata: {name: two}\n");
        Assert.Equal(["one"], await NamesAsync(api, "/api/v1/secrets?labelSelector=app%3Dweb"));
        Assert.Equal(["two"], await NamesAsync(api, "/api/v1/secrets?labelSelector=app!%3Dweb"));
        Assert.Equal(["one", "two"], await NamesAsync(api, "/api/v1/secrets?fieldSelector=type%3DOpaque"));
        Assert.Equal([], await NamesAsync(api, "/api/v1/secrets?fieldSelector=type%3Dkubernetes.io/tls"));
        Assert.Equal("field label not supported: data", (string?)(await api.AskAsync("GET", "/api/v1/secrets?fieldSelector=data%3Dx"))["message"]);
        using var watch = await api.WatchAsync("/api/v1/secrets?watch=1&labelSelector=app%3Dweb");
        Assert.StartsWith("""{"type":"ADDED","object":{"kind":"Secret","apiVersion":"v1","metadata":{"name":"one""", (await watch.ReadLineAsync().InTime())!, StringComparison.Ordinal);
        api.Server.Apply("apiVersion: v1\nkind: Secret\nmetadata: {name: one}\n");
        Assert.StartsWith("""{"type":"DELETED",""", (await watch.ReadLineAsync().InTime())!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_created_in_a_namespace_that_is_missing_or_goes()
    {
        await using var api = await Api.StartAsync();
        const string missing = "/apis/networking.k8s.io/v1/namespaces/shop/ingresses";
        Assert.Equal("namespaces \"shop\" not found", (string?)(await api.AskAsync("POST", missing, Api.Ingress("web")))["message"]);
        api.Server.Delete("Namespace", "", "default");
        Assert.Contains("because it is being terminated", (string?)(await api.AskAsync("POST", Api.InDefault, Api.Ingress("web")))["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_speaks_TLS_under_several_base_paths()
    {
        await using var server = await FakeApiServer.StartAsync(tls: true, time: null, "", "/k8s/clusters/c-1");
        using var handler = new SocketsHttpHandler();
        using var authority = System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPem(server.CertificateAuthority);
        handler.SslOptions.CertificateChainPolicy = new()
        {
            TrustMode = System.Security.Cryptography.X509Certificates.X509ChainTrustMode.CustomRootTrust,
            RevocationMode = System.Security.Cryptography.X509Certificates.X509RevocationMode.NoCheck,
        };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.Add(authority);
        using var client = new HttpClient(handler);
        foreach (var path in new[] { "", "/k8s/clusters/c-1" })
        {
            Assert.Equal("ok", await client.GetStringAsync(new Uri($"{server.AddressOf(path).ToString().TrimEnd('/')}/readyz")).InTime());
        }
    }

    private static async Task<IEnumerable<string?>> NamesAsync(Api api, string target) =>
        (await api.AskAsync("GET", target))["items"]!.AsArray().Select(item => (string?)item!["metadata"]!["name"]);
}
