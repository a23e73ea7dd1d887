using System.Text.Json.Nodes;
using IngressController.Cluster;
using IngressController.Kubernetes.Secrets;
using IngressController.Testing;
using IngressController.Unit.Kubernetes.Writing;

namespace IngressController.Unit.Kubernetes.Secrets;

public sealed class ApiSecretWriterTests : IAsyncLifetime
{
    private static readonly NamespacedName Web = new("shop", "web");

    private WritingCluster cluster = null!;
    private ApiSecretWriter writer = null!;

    public async Task InitializeAsync()
    {
        cluster = await WritingCluster.StartAsync();
        cluster.Server.Apply("""
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: secrets}
            rules:
            - {apiGroups: [""], resources: [secrets], verbs: [get, create, update]}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: secrets}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: secrets}
            subjects: [{kind: ServiceAccount, namespace: ingress, name: writer}]
            ---
            apiVersion: v1
            kind: Namespace
            metadata: {name: shop}
            """);
        writer = new(cluster.Client, "yarp/ingress/leader");
    }

    public async Task DisposeAsync() => await cluster.DisposeAsync();

    [Fact]
    public async Task What_was_written_is_found_as_it_was_and_names_its_writer()
    {
        var secret = Stored.Secret("web", "one");
        secret = secret with { Metadata = secret.Metadata with { Labels = Stored.Map("app", "web") }, Data = Stored.Map("key", Stored.Bytes("\0ü\"")) };
        Assert.Null(await writer.FindAsync(Web, default));

        var version = await writer.WriteAsync(secret, null, default);

        var found = (await writer.FindAsync(Web, default))!;
        Assert.Equal(version, found.Version);
        Assert.Equal((secret.Type, secret.Data, secret.Metadata.Labels, secret.Metadata.Annotations), (found.Secret.Type, found.Secret.Data, found.Secret.Metadata.Labels, found.Secret.Metadata.Annotations));
        Assert.Equal("yarp/ingress/leader", (string?)Metadata["managedFields"]![0]!["manager"]);
    }

    [Fact]
    public async Task Only_who_has_seen_the_last_version_writes()
    {
        var first = await writer.WriteAsync(Stored.Secret("web", "one"), null, default);
        Assert.Null(await writer.WriteAsync(Stored.Secret("web", "stolen"), null, default));
        var second = await writer.WriteAsync(Stored.Secret("web", "two"), first, default);
        Assert.NotNull(second);
        Assert.NotEqual(first, second);
        Assert.Null(await writer.WriteAsync(Stored.Secret("web", "late"), first, default));
        Assert.Equal("two", (await writer.FindAsync(Web, default)).Value());

        cluster.Server.Delete("Secret", "shop", "web");
        Assert.Null(await writer.WriteAsync(Stored.Secret("web", "gone"), second, default));
        Assert.Null(await writer.FindAsync(Web, default));
    }

    [Fact]
    public async Task Of_many_writers_at_once_one_is_first()
    {
        var version = await writer.WriteAsync(Stored.Secret("web", "one"), null, default);

        var versions = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => writer.WriteAsync(Stored.Secret("web", $"{number}"), version, default)));

        var first = Assert.Single(versions.Index(), item => item.Item is not null);
        Assert.Equal($"{first.Index}", (await writer.FindAsync(Web, default)).Value());
    }

    [Fact]
    public async Task What_others_have_set_on_a_Secret_stays_and_what_ours_no_longer_says_goes()
    {
        cluster.Server.Apply("""
            apiVersion: v1
            kind: Secret
            metadata:
              name: web
              namespace: shop
              annotations: {example.com/old: "1"}
              finalizers: [example.com/guard]
              ownerReferences: [{apiVersion: v1, kind: ConfigMap, name: owner, uid: 0d9a3c2c-4d3a-4c3e-8f43-3f5b1f2a7c11}]
            data: {old: b25l}
            """);
        var found = (await writer.FindAsync(Web, default))!;

        Assert.NotNull(await writer.WriteAsync(Stored.Secret("web", "two"), found.Version, default));

        Assert.Equal(["example.com/guard"], Metadata["finalizers"]!.AsArray().Select(item => (string?)item));
        Assert.Equal("owner", (string?)Metadata["ownerReferences"]![0]!["name"]);
        var now = (await writer.FindAsync(Web, default))!.Secret;
        Assert.Equal(Stored.Secret("web", "two").Data, now.Data);
        Assert.Equal(Stored.Secret("web", "two").Metadata.Annotations, now.Metadata.Annotations);
    }

    [Fact]
    public async Task A_missing_right_is_named_as_the_rule_that_grants_it()
    {
        cluster.Server.WithdrawRights();
        const string rule = "Add to the rules of the Role in namespace shop, or of the ClusterRole: - {apiGroups: [\"\"], resources: [secrets], verbs: [get, create, update]}";

        await ComplainsAsync(() => writer.FindAsync(Web, default), "cannot get resource \"secrets\"", rule);
        await ComplainsAsync(() => writer.WriteAsync(Stored.Secret("web", "one"), null, default), "cannot create resource \"secrets\"", rule);
        await ComplainsAsync(() => writer.WriteAsync(Stored.Secret("web", "one"), "1", default), "cannot get resource \"secrets\"", rule);
    }

    [Fact]
    public async Task A_namespace_that_is_missing_or_goes_is_no_matter_of_rights_nor_of_who_was_first()
    {
        cluster.Server.Delete("Namespace", "", "shop");
        var going = await ComplainsAsync(() => writer.WriteAsync(Stored.Secret("web", "one"), null, default), "403", "is being terminated");
        Assert.DoesNotContain("rules", going, StringComparison.Ordinal);

        var elsewhere = Stored.Secret("web", "one");
        elsewhere = elsewhere with { Metadata = elsewhere.Metadata with { Name = new("nowhere", "web") } };
        await ComplainsAsync(() => writer.WriteAsync(elsewhere, null, default), "404", "namespaces \"nowhere\" not found");
    }

    [Fact]
    public async Task What_the_API_server_refuses_is_said_in_its_words()
    {
        await ComplainsAsync(() => writer.WriteAsync(Stored.Secret("web", "one", "kubernetes.io/tls"), null, default), "Secret shop/web cannot be written: 422", "tls.crt");
        cluster.Server.Fail(1, 503);
        await ComplainsAsync(() => writer.WriteAsync(Stored.Secret("web", "one"), null, default), "503 the server is currently unable");
        cluster.Server.Throttle(1);
        await ComplainsAsync(() => writer.FindAsync(Web, default), "cannot be read: 429");
    }

    [Fact]
    public async Task A_write_without_an_answer_may_have_come_through()
    {
        var resume = cluster.Server.StallAnswers();
        var write = writer.WriteAsync(Stored.Secret("web", "one"), null, default);
        await Eventually.TrueAsync(() => cluster.Server.Find("Secret", "shop", "web") is not null, "the write comes through");
        await cluster.Server.StopListeningAsync();

        await ComplainsAsync(() => write.InTime(), "nobody can say whether Secret shop/web was written");
        resume();
        await ComplainsAsync(() => writer.FindAsync(Web, default), "Secret shop/web cannot be read");
        await cluster.Server.StartListeningAsync();
        Assert.Equal("one", (await writer.FindAsync(Web, default)).Value());
    }

    [Fact]
    public async Task Who_is_told_to_stop_stops_waiting()
    {
        var resume = cluster.Server.StallAnswers();
        using var stop = new CancellationTokenSource();
        var write = writer.WriteAsync(Stored.Secret("web", "one"), null, stop.Token);
        await Eventually.TrueAsync(() => cluster.Server.Find("Secret", "shop", "web") is not null, "the write comes through");

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => write.InTime());
        resume();
    }

    [Theory]
    [InlineData("shop", "../services/web")]
    [InlineData("shop", "web?dryRun=All")]
    [InlineData("", "web")]
    public async Task What_is_no_name_leads_nowhere(string space, string name)
    {
        var secret = Stored.Secret("web", "one");
        secret = secret with { Metadata = secret.Metadata with { Name = new(space, name) } };

        await ComplainsAsync(() => writer.FindAsync(new(space, name), default), "not a name");
        await ComplainsAsync(() => writer.WriteAsync(secret, null, default), "not a name");

        Assert.Empty(cluster.Server.Requests);
    }

    private JsonNode Metadata => cluster.Server.Find("Secret", "shop", "web")!["metadata"]!;

    private static async Task<string> ComplainsAsync(Func<Task> act, params string[] words)
    {
        var failure = await Assert.ThrowsAsync<IOException>(act);
        Assert.All(words, word => Assert.Contains(word, failure.Message, StringComparison.Ordinal));
        return failure.Message;
    }
}
