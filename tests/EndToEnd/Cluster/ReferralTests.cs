using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Testing;

namespace IngressController.EndToEnd.Cluster;

/// <summary>Of the Secrets and ConfigMaps of a cluster only those are kept that something refers to.</summary>
public sealed class ReferralTests
{
    [Fact]
    public async Task What_an_Ingress_names_in_its_TLS_or_as_a_whole_annotation_is_kept_and_nothing_else()
    {
        await using var cluster = await ReadCluster.StartAsync(server => server.Apply(
            Ingress("a", "{certificate: here, other: shop/there, sentence: 'not this', path: /slash, deep: shop/a/b, unknown: absent}", "tls")
            + Secret("tls") + Secret("here") + Secret("unused") + Secret("there", "shop") + Secret("tls", "shop")
            + ConfigMap("here") + ConfigMap("there", "shop") + ConfigMap("unused")));
        await cluster.SyncedAsync();
        Assert.Equal(["default/here", "default/tls", "shop/there"], Names(cluster.Snapshot.Secrets));
        Assert.Equal(["default/here", "shop/there"], Names(cluster.Snapshot.ConfigMaps));
        Assert.All(cluster.Server.Requests, request => Assert.Equal("", request.Name)); // nothing was passed over and read again
    }

    [Fact]
    public async Task What_is_referred_to_later_is_read_by_itself_and_followed_until_the_last_reference_goes()
    {
        await using var cluster = await ReadCluster.StartAsync(server => server.Apply(Secret("late", value: "b25l")));
        await cluster.SyncedAsync();
        Assert.Empty(cluster.Snapshot.Secrets);
        cluster.Server.Apply(Ingress("a", "{by: late}") + Ingress("b", "{}", "late"));
        await cluster.BecomesAsync(() => ValueOf(cluster) == "one", "it is read");
        Assert.Equal("fieldSelector=metadata.name%3Dlate%2Ctype%3DOpaque", cluster.Server.Requests.Single(request => request.Name == "late").Query.Split('&')[1]);
        cluster.Server.Apply(Secret("late", value: "dHdv"));
        await cluster.BecomesAsync(() => ValueOf(cluster) == "two", "it is followed");

        cluster.Server.Delete("Ingress", "default", "a");
        await cluster.HasIngressesAsync("default/b");
        Assert.Equal("two", ValueOf(cluster));
        cluster.Server.Apply(Ingress("b", "{}"));
        await cluster.BecomesAsync(() => cluster.Snapshot.Secrets.IsEmpty, "nothing refers to it");
        cluster.Server.Apply(Secret("late", value: "dGhyZWU=") + Ingress("b", "{by: default/late}"));
        await cluster.BecomesAsync(() => ValueOf(cluster) == "three", "it is read as it is now");
        cluster.Server.Delete("Secret", "default", "late");
        await cluster.BecomesAsync(() => cluster.Snapshot.Secrets.IsEmpty, "it is gone");
    }

    [Fact]
    public async Task A_Secret_that_comes_after_its_Ingress_is_told_by_the_watch()
    {
        await using var cluster = await ReadCluster.StartAsync(server => server.Apply(Ingress("a", "{}", "late")));
        await cluster.WatchingAsync();
        cluster.Server.Apply(Secret("late"));
        await cluster.BecomesAsync(() => cluster.Snapshot.Secrets.Count == 1, "it comes");
        Assert.DoesNotContain(cluster.Server.Requests, request => request.Name == "late");
    }

    [Fact]
    public async Task One_that_cannot_be_read_is_tried_again()
    {
        await using var cluster = await ReadCluster.StartAsync(server => server.Apply(Secret("late")));
        await cluster.WatchingAsync();
        cluster.Server.Fail(2);
        cluster.Server.Apply(Ingress("a", "{}", "late"));
        await cluster.BecomesAsync(() => cluster.Snapshot.Secrets.Count == 1, "it is read");
        Assert.Equal(3, cluster.Server.Requests.Count(request => request.Name == "late"));
    }

    [Fact]
    public async Task Many_are_read_once_each()
    {
        await using var cluster = await ReadCluster.StartAsync(server => server.Apply(string.Concat(Enumerable.Range(0, 40).Select(i => Secret($"s{i}")))));
        await cluster.SyncedAsync();
        cluster.Server.Delay(TimeSpan.FromMilliseconds(20));
        cluster.Server.Apply(Ingress("a", $"{{{string.Join(", ", Enumerable.Range(0, 40).Select(i => $"a{i}: s{i}"))}}}"));
        await cluster.BecomesAsync(() => cluster.Snapshot.Secrets.Count == 40, "all are read");
        Assert.Equal(40, cluster.Server.Requests.Count(request => request.Name.StartsWith('s')));
    }

    [Fact]
    public async Task What_a_flag_names_is_kept_without_any_Ingress()
    {
        await using var cluster = await ReadCluster.StartAsync(server => server.Apply(Secret("named") + Secret("other")), options: new() { Secrets = [new("default", "named")] });
        await cluster.SyncedAsync();
        Assert.Equal(["default/named"], Names(cluster.Snapshot.Secrets));
    }

    private static string? ValueOf(ReadCluster cluster) => cluster.Snapshot.Secrets.GetValueOrDefault(new("default", "late")) is { } secret
        ? System.Text.Encoding.ASCII.GetString(secret.Data.Single().Value.AsSpan())
        : null;

    private static IEnumerable<string> Names<T>(IReadOnlyDictionary<NamespacedName, T> objects)
        where T : IResource => objects.Keys.Order().Select(name => name.ToString());

    /// <param name="secret">Empty: the TLS names none.</param>
    private static string Ingress(string name, string annotations, string secret = "\"\"") => $$$$"""
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: {{{{name}}}}, annotations: {{{{annotations}}}} }
        spec: {defaultBackend: {service: {name: web, port: {number: 80}}}, tls: [{secretName: {{{{secret}}}} }]}
        ---

        """;

    private static string Secret(string name, string space = "default", string value = "dg==") =>
        $"{{apiVersion: v1, kind: Secret, metadata: {{name: {name}, namespace: {space}}}, type: Opaque, data: {{k: {value}}}}}\n---\n";

    private static string ConfigMap(string name, string space = "default") =>
        $"{{apiVersion: v1, kind: ConfigMap, metadata: {{name: {name}, namespace: {space}}}, data: {{k: v}}}}\n---\n";
}
