using IngressController.Cluster;

namespace IngressController.Unit.Kubernetes;

public sealed class LastGoodTests : IDisposable
{
    private readonly ManifestFolder folder = new();

    public void Dispose() => folder.Dispose();

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
}
