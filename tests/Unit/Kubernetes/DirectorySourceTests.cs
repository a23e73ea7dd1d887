using IngressController.Cluster;
using IngressController.Kubernetes.Manifests;
using IngressController.Unit.Kubernetes.Secrets;

namespace IngressController.Unit.Kubernetes;

public sealed class DirectorySourceTests : IDisposable
{
    private readonly ManifestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task An_empty_directory_is_synced()
    {
        await using var live = new LiveManifests(folder.Root);

        await live.Until(l => l.IsSynced);

        Assert.Empty(live.Changes);
        Assert.Empty(live.Problems);
    }

    [Fact]
    public async Task Created_edited_renamed_replaced_and_deleted_files_are_seen_and_only_what_changed_is_told()
    {
        folder.Write("a.yaml", Yaml.Documents(Yaml.ConfigMap("a"), Yaml.ConfigMap("b")));
        await using var live = new LiveManifests(folder.Root);
        await live.Until(l => l.IsSynced);
        Assert.Equal(["ConfigMap default/a", "ConfigMap default/b"], live.Changes);

        folder.Write("sub/c.yaml", Yaml.ConfigMap("c"));
        await live.Until(l => l.ValueOf("c") == "x");

        folder.Write("a.yaml", Yaml.Documents(Yaml.ConfigMap("a"), Yaml.ConfigMap("b", "edited")));
        await live.Until(l => l.ValueOf("b") == "edited");

        folder.Replace("sub/c.yaml", Yaml.ConfigMap("c", "replaced"));
        await live.Until(l => l.ValueOf("c") == "replaced");

        File.Delete(folder.PathOf("sub/c.yaml"));
        await live.Until(l => l.ValueOf("c") is null);

        // A rename and a rewrite with the same content change nothing; the last file shows that they have been seen.
        File.Move(folder.PathOf("a.yaml"), folder.PathOf("z.yml"));
        folder.Write("z.yml", Yaml.Documents(Yaml.ConfigMap("b", "edited"), Yaml.ConfigMap("a")));
        folder.Write("zz.yaml", Yaml.ConfigMap("last"));
        await live.Until(l => l.ValueOf("last") == "x");
        Assert.Equal(
            ["a", "b", "c", "b", "c", "c", "last"],
            live.Changes.Select(key => key["ConfigMap default/".Length..]));
    }

    [Fact]
    public async Task A_ConfigMaps_links_that_swap_are_seen_within_a_second_even_with_equal_size_and_time()
    {
        var time = new DateTime(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        foreach (var version in new[] { "1", "2", "3", "4" })
        {
            folder.Write($"..v{version}/web.yaml", Yaml.ConfigMap("web", version));
            File.SetLastWriteTimeUtc(folder.PathOf($"..v{version}/web.yaml"), time);
        }

        Directory.CreateSymbolicLink(folder.PathOf("..data"), "..v1");
        File.CreateSymbolicLink(folder.PathOf("web.yaml"), "..data/web.yaml");
        await using var live = new LiveManifests(folder.Root);
        await live.Until(l => l.ValueOf("web") == "1");

        var fastest = TimeSpan.MaxValue;
        foreach (var version in new[] { "2", "3", "4" })
        {
            var started = TimeProvider.System.GetTimestamp();
            Directory.CreateSymbolicLink(folder.PathOf("..data_tmp"), $"..v{version}");
            using (var rename = System.Diagnostics.Process.Start("mv", ["-T", folder.PathOf("..data_tmp"), folder.PathOf("..data")]))
            {
                await rename.WaitForExitAsync();
            }

            await live.Until(l => l.ValueOf("web") == version);
            var elapsed = TimeProvider.System.GetElapsedTime(started);
            fastest = elapsed < fastest ? elapsed : fastest;
        }

        Assert.InRange(fastest, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.Equal(4, live.Changes.Count);
    }

    [Fact]
    public async Task A_change_behind_a_link_that_leads_out_of_the_directory_is_seen()
    {
        using var elsewhere = new ManifestFolder();
        elsewhere.Write("web.yaml", Yaml.ConfigMap("web", "1"));
        Directory.CreateSymbolicLink(folder.PathOf("linked"), elsewhere.Root);
        await using var live = new LiveManifests(folder.Root);
        await live.Until(l => l.ValueOf("web") == "1");

        elsewhere.Write("web.yaml", Yaml.ConfigMap("web", "2"));

        await live.Until(l => l.ValueOf("web") == "2");
    }

    [Fact]
    public async Task When_the_first_of_two_equal_objects_goes_the_second_takes_over()
    {
        folder.Write("a.yaml", Yaml.ConfigMap("web", "first"));
        folder.Write("b.yaml", Yaml.ConfigMap("web", "second"));
        await using var live = new LiveManifests(folder.Root);
        await live.Until(l => l.IsSynced);
        Assert.Equal(("first", ProblemCode.DuplicateObject), (live.ValueOf("web"), Assert.Single(live.Problems).Code));

        File.Delete(folder.PathOf("a.yaml"));

        await live.Until(l => l.ValueOf("web") == "second");
        Assert.Empty(live.Problems);
        Assert.Equal(2, live.Changes.Count);
    }

    [Fact]
    public async Task Slices_of_its_own_end_the_mirroring_of_a_Service_and_their_end_brings_it_back()
    {
        folder.Write("a.yaml", "apiVersion: v1\nkind: Endpoints\nmetadata: {name: web}\nsubsets: [{addresses: [{ip: 10.0.0.1}]}]\n");
        await using var live = new LiveManifests(folder.Root);
        await live.Until(l => l.Cluster.EndpointSlices.ContainsKey(new("default", "web-mirrored-0-ipv4")));

        folder.Write("b.yaml", "apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: own, labels: {kubernetes.io/service-name: web}}\naddressType: IPv4\n");
        await live.Until(l => l.Cluster.EndpointSlices.ContainsKey(new("default", "own")));
        Assert.Single(live.Cluster.EndpointSlices);

        File.Delete(folder.PathOf("b.yaml"));
        await live.Until(l => l.Cluster.EndpointSlices.ContainsKey(new("default", "web-mirrored-0-ipv4")));
        Assert.Single(live.Cluster.EndpointSlices);
    }

    [Fact]
    public async Task What_the_controller_keeps_comes_back_as_news_and_what_people_write_goes_before_it()
    {
        folder.Write("manifests/a.yaml", Yaml.ConfigMap("a"));
        Directory.CreateDirectory(folder.PathOf("state"));
        await using var live = new LiveManifests(folder.PathOf("manifests"), folder.PathOf("state"));
        await live.Until(l => l.IsSynced);
        using var state = new StateDirectory(folder.PathOf("state"));

        var version = await state.WriteAsync(Stored.Secret("web", "kept"), null, default);
        await live.Until(l => ValueOf(l) == "kept");
        await state.WriteAsync(Stored.Secret("web", "renewed"), version, default);
        await live.Until(l => ValueOf(l) == "renewed");
        Assert.Empty(live.Problems);

        folder.Write("manifests/b.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: web, namespace: shop}\nstringData: {key: written}\n");
        await live.Until(l => ValueOf(l) == "written");
        var problem = Assert.Single(live.Problems);
        Assert.Equal((ProblemCode.DuplicateObject, folder.PathOf("state/shop/web.json")), (problem.Code, problem.File));
        Assert.Contains("already stands in b.yaml:1", problem.Message, StringComparison.Ordinal);

        File.Delete(folder.PathOf("manifests/b.yaml"));
        await live.Until(l => ValueOf(l) == "renewed");
        Assert.Empty(live.Problems);
    }

    [Fact]
    public async Task Nothing_is_synced_before_both_directories_are_read_and_each_has_its_problems()
    {
        folder.Write("manifests/a.yaml", "kind: {");
        await using var live = new LiveManifests(folder.PathOf("manifests"), folder.PathOf("state"));
        await live.Until(l => l.Problems.Count == 2);
        Assert.False(live.IsSynced);
        Assert.Equal(["a.yaml", folder.PathOf("state")], live.Problems.Select(problem => problem.File).Order(StringComparer.Ordinal).Reverse());

        folder.Write("state/shop/web.json", "{");
        await live.Until(l => l.IsSynced && l.Problems.Any(problem => problem.File == folder.PathOf("state/shop/web.json")));
        Assert.Equal(2, live.Problems.Count);
    }

    private static string? ValueOf(LiveManifests live) =>
        live.Cluster.Secrets.TryGetValue(new("shop", "web"), out var secret) ? new StoredSecret(secret, "").Value() : null;

    [Fact]
    public async Task It_ends_without_an_exception_when_it_is_cancelled()
    {
        var live = new LiveManifests(folder.Root);
        await live.Until(l => l.IsSynced);

        await live.DisposeAsync();
    }
}
