using IngressController.Cluster;

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
    public async Task A_file_with_a_mistake_keeps_its_last_good_objects_until_it_is_mended()
    {
        folder.Write("a.yaml", Yaml.Documents(Yaml.ConfigMap("a"), Yaml.ConfigMap("b")));
        await using var live = new LiveManifests(folder.Root);
        await live.Until(l => l.IsSynced);

        folder.Write("a.yaml", Yaml.Documents(Yaml.ConfigMap("b", "new"), "kind: [\n"));
        await live.Until(l => !l.Problems.IsEmpty);
        Assert.Equal((ProblemCode.SyntaxError, "a.yaml"), (live.Problems[0].Code, live.Problems[0].File));
        Assert.Equal(("x", "new"), (live.ValueOf("a"), live.ValueOf("b")));

        folder.Write("a.yaml", Yaml.ConfigMap("b", "new"));
        await live.Until(l => l.Problems.IsEmpty);
        Assert.Null(live.ValueOf("a"));
        Assert.Equal("new", live.ValueOf("b"));
    }

    [Fact]
    public async Task A_refused_object_keeps_its_last_good_version_and_the_rest_of_the_file_follows()
    {
        folder.Write("a.yaml", Yaml.Documents(Yaml.Ingress("web", "one.example.com"), Yaml.ConfigMap("a"), Yaml.ConfigMap("b")));
        await using var live = new LiveManifests(folder.Root);
        await live.Until(l => l.IsSynced);

        folder.Write("a.yaml", Yaml.Documents(Yaml.Ingress("web", "two.example.com:80"), Yaml.ConfigMap("a", "new")));
        await live.Until(l => !l.Problems.IsEmpty);

        Assert.Equal("spec.rules[0].host", live.Problems[0].Field);
        Assert.Equal("one.example.com", Assert.Single(live.Cluster.Ingresses.Values).Rules[0].Host);
        Assert.Equal(("new", null), (live.ValueOf("a"), live.ValueOf("b")));
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
    public async Task A_directory_that_comes_later_is_read_and_only_then_is_the_source_synced()
    {
        var later = folder.PathOf("later");
        await using var live = new LiveManifests(later);
        await live.Until(l => !l.Problems.IsEmpty);
        Assert.False(live.IsSynced);

        folder.Write("later/a.yaml", Yaml.ConfigMap("a"));

        await live.Until(l => l.ValueOf("a") == "x");
        Assert.True(live.IsSynced);
        Assert.Empty(live.Problems);
    }

    [Fact]
    public async Task A_directory_that_vanishes_is_a_problem_and_its_objects_stay_until_it_is_back_without_them()
    {
        folder.Write("live/a.yaml", Yaml.ConfigMap("a"));
        folder.Write("live/b.yaml", Yaml.ConfigMap("b"));
        await using var live = new LiveManifests(folder.PathOf("live"));
        await live.Until(l => l.IsSynced);

        Directory.Move(folder.PathOf("live"), folder.PathOf("away"));
        await live.Until(l => !l.Problems.IsEmpty);
        Assert.Equal(ProblemCode.FileUnreadable, live.Problems[0].Code);
        Assert.Equal(("x", "x", true), (live.ValueOf("a"), live.ValueOf("b"), live.IsSynced));

        File.Delete(folder.PathOf("away/b.yaml"));
        Directory.Move(folder.PathOf("away"), folder.PathOf("live"));
        await live.Until(l => l.ValueOf("b") is null);
        Assert.Empty(live.Problems);
        Assert.Equal("x", live.ValueOf("a"));
    }

    [Fact]
    public async Task A_file_that_can_no_longer_be_read_keeps_its_objects()
    {
        folder.Write("a.yaml", Yaml.ConfigMap("a"));
        await using var live = new LiveManifests(folder.Root);
        await live.Until(l => l.IsSynced);

        File.Delete(folder.PathOf("a.yaml"));
        File.CreateSymbolicLink(folder.PathOf("a.yaml"), "nothing");
        await live.Until(l => !l.Problems.IsEmpty);
        Assert.Equal((ProblemCode.FileUnreadable, "x"), (live.Problems[0].Code, live.ValueOf("a")));

        folder.Write("nothing", Yaml.ConfigMap("a", "back"));
        await live.Until(l => l.ValueOf("a") == "back");
        Assert.Empty(live.Problems);
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
    public async Task It_ends_without_an_exception_when_it_is_cancelled()
    {
        var live = new LiveManifests(folder.Root);
        await live.Until(l => l.IsSynced);

        await live.DisposeAsync();
    }
}
