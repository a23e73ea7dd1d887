using System.CommandLine;
using System.Text.Json.Nodes;
using IngressController.App.Cli;
using IngressController.Certificates.Acme;
using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Kubernetes.Api;
using IngressController.Kubernetes.Secrets;
using IngressController.Testing;
using IngressController.Testing.Clusters;
using Microsoft.Extensions.Logging.Abstractions;

namespace IngressController.EndToEnd.Chart;

/// <summary>Certificates that are obtained, by the value <c>acme</c>.</summary>
public sealed class AcmeTests
{
    private const string Everything = "tests/EndToEnd/Chart/values/everything.yaml";
    private const string Mount = "/etc/ingress-controller/acme";

    [Fact]
    public async Task The_program_understands_every_value()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("default/ca", SelfSigned.Certificate.ExportCertificatePem());
        directory.Write("default/eab", "AQID");
        directory.Write("default/tsig", "BAUG");
        directory.Write("wild/eab", "BwgJ");
        var arguments = (await Helm.TemplateAsync("--values", Everything)).Arguments().Where(argument => argument.StartsWith("--acme-", StringComparison.Ordinal));

        var acme = Read(directory, arguments.Select(argument => argument.Replace(Mount, directory.Path, StringComparison.Ordinal)));

        Assert.Equal(("edge-acme", ["example.com"], true), (acme.State.Name, acme.AllowedDomains, acme.AllowsInternalNames));
        var whole = new Issuer("default", new("https://ca.example/dir"))
        {
            Email = "ops@example.com",
            CaBundle = SelfSigned.Certificate.ExportCertificatePem(),
            ExternalAccount = new("kid-1", [1, 2, 3]),
            KeyType = CertificateKeyType.Rsa2048,
            Profile = "shortlived",
            PreferredChain = "ISRG Root X1",
            Challenges = [ChallengeKind.Dns01, ChallengeKind.Http01],
            Dns = new() { Server = new("ns.example", 5353, new("key.example", "hmac-sha512", [4, 5, 6])) },
        };
        var wild = new Issuer("wild", whole.Directory)
        {
            Directory = new("https://acme-v02.api.letsencrypt.org/directory"),
            Email = "wild@example.com",
            ExternalAccount = new("kid-2", [7, 8, 9]),
            Challenges = [ChallengeKind.Dns01],
            Dns = new() { Webhook = new("http://hook.dns/") },
        };
        Assert.Equal([whole, new("plain", wild.Directory), wild], acme.Issuers);
    }

    [Fact]
    public async Task Every_file_that_a_flag_names_is_mounted()
    {
        var rendering = await Helm.TemplateAsync("--values", Everything);
        Assert.Equal($$"""{"name":"acme","mountPath":"{{Mount}}","readOnly":true}""", Named(rendering.Container()["volumeMounts"]!, "acme").ToJsonString());
        Assert.Equal(
            [
                """{"configMap":{"name":"our-ca","items":[{"key":"ca.crt","path":"default/ca"}]}}""",
                """{"secret":{"name":"binding","items":[{"key":"key","path":"default/eab"}]}}""",
                """{"secret":{"name":"tsig","items":[{"key":"key","path":"default/tsig"}]}}""",
                """{"secret":{"name":"bindings","items":[{"key":"wild","path":"wild/eab"}]}}""",
            ],
            Named(rendering.Pod()["volumes"]!, "acme")["projected"]!["sources"]!.AsArray().Select(source => source!.ToJsonString()));
        Assert.NotNull(Named(rendering.Pod()["volumes"]!, "extra"));
    }

    [Fact]
    public async Task Nothing_is_obtained_unless_somebody_asks_and_no_file_is_mounted_where_none_is_named()
    {
        Assert.DoesNotContain((await Helm.TemplateAsync()).Arguments(), argument => argument.StartsWith("--acme-", StringComparison.Ordinal));
        Assert.Contains("acme.email or acme.directory", await Helm.RefusesAsync("--set", "acme.allowedDomains={example.com}"), StringComparison.Ordinal);
        var rendering = await Helm.TemplateAsync("--set", "acme.email=ops@example.com");
        Assert.Equal(["--acme-state-secret=edge-ingress-controller-acme", "--acme-email=ops@example.com"], rendering.Arguments().Where(argument => argument.StartsWith("--acme-", StringComparison.Ordinal)));
        Assert.DoesNotContain(rendering.Pod(), field => field.Key == "volumes");
        Assert.DoesNotContain(rendering.Container(), field => field.Key == "volumeMounts");
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("acme.email=a@b.c", "/create /get /update")]
    [InlineData("acme.directory=letsencrypt-staging", "/create /get /update")]
    [InlineData("controller.watchNamespaces={shop}", "")]
    [InlineData("controller.watchNamespaces={shop},acme.email=a@b.c", "ingress/create ingress/get(edge-ingress-controller-acme) ingress/update(edge-ingress-controller-acme) shop/create shop/get shop/update")]
    [InlineData("controller.watchNamespaces={shop,ingress},acme.email=a@b.c", "ingress/create ingress/get ingress/update shop/create shop/get shop/update")]
    public async Task Secrets_may_be_made_and_changed_only_then_and_only_where_Ingresses_are_read(string set, string expected)
    {
        var rendering = await Helm.TemplateAsync(set.Length == 0 ? [] : ["--set", set]);
        var rights =
            from role in rendering.All("ClusterRole").Concat(rendering.All("Role"))
            from rule in role["rules"]!.AsArray()
            where rule!["resources"]!.AsArray().Any(resource => (string?)resource == "secrets")
            from verb in rule["verbs"]!.AsArray().Select(verb => (string)verb!)
            where verb is not ("list" or "watch")
            select $"{role["metadata"]!["namespace"]}/{verb}{(rule["resourceNames"] is JsonArray names ? $"({names[0]})" : "")}";
        Assert.Equal(expected, string.Join(' ', rights.Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_roles_are_enough_for_the_state_and_for_the_Secrets_of_Ingresses_and_for_no_others(bool isWatched)
    {
        await using var cluster = await TestCluster.StartAsync();
        var (shop, other) = (await cluster.AddNamespaceAsync("shop"), await cluster.AddNamespaceAsync("other"));
        var rendering = await Helm.TemplateAsync(
            "--namespace", cluster.Namespace, "--set", $"acme.email=a@b.c,controller.watchNamespaces={{{shop}{(isWatched ? $",{cluster.Namespace}" : "")}}},ingressClass.name={cluster.Class},ingressClass.controllerName={cluster.Controller}");
        foreach (var item in rendering.Objects.Where(item => (string)item["kind"]! is "ServiceAccount" or "ClusterRole" or "ClusterRoleBinding" or "Role" or "RoleBinding"))
        {
            await cluster.ApplyAsync(item.DeepClone().AsObject());
        }

        using var api = new ApiClient(ApiConnection.FromKubeconfig([await cluster.KubeconfigOfAsync((string)rendering.Pod()["serviceAccountName"]!)]), TimeProvider.System, NullLogger<ApiClient>.Instance);
        var writer = new ApiSecretWriter(api, "yarp/test");
        foreach (var name in new NamespacedName[] { new(cluster.Namespace, "edge-ingress-controller-acme"), new(shop, "web") })
        {
            Assert.Null(await writer.FindAsync(name, default));
            var version = await writer.WriteAsync(Empty(name), null, default);
            Assert.NotNull(await writer.WriteAsync(Empty(name) with { Data = new[] { KeyValuePair.Create("key", new EquatableArray<byte>()) }.ToEquatableMap() }, version, default));
            Assert.Equal(1, (await writer.FindAsync(name, default))?.Secret.Data.Count);
        }

        var refused = await Assert.ThrowsAsync<IOException>(() => writer.WriteAsync(Empty(new(other, "web")), null, default));
        Assert.Contains($"Role in namespace {other}", refused.Message, StringComparison.Ordinal);
    }

    private static Secret Empty(NamespacedName name) => new(new Metadata(name.Namespace, name.Name), "Opaque", default);

    private static JsonNode Named(JsonNode list, string name) => Assert.Single(list.AsArray(), item => (string?)item!["name"] == name)!;

    private static AcmeOptions Read(TemporaryDirectory directory, IEnumerable<string> arguments)
    {
        directory.Write("manifests/none.yaml", "");
        var nothing = new Dictionary<string, string>();
        var flags = new FlagReader(RunCommand.Create().Parse(["--manifests", directory.File("manifests"), "--state-dir", directory.File("state"), .. arguments]), nothing);
        var options = RunCommand.Read(flags, nothing);
        using var errors = new StringWriter();
        flags.Complain(new Terminal(errors, errors, Stream.Null, nothing));
        Assert.Equal("", errors.ToString());
        return options.Acme!;
    }
}
