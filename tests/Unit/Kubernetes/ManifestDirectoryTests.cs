using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Kubernetes.Manifests;

namespace IngressController.Unit.Kubernetes;

public sealed class ManifestDirectoryTests : IDisposable
{
    private readonly ManifestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Every_kind_is_read_and_other_kinds_are_passed_over_silently()
    {
        folder.Write("all.yaml", Yaml.Documents(
            Yaml.Ingress(),
            "apiVersion: networking.k8s.io/v1\nkind: IngressClass\nmetadata: {name: yarp}\nspec: {controller: example.com/controller}\n",
            Yaml.Service(),
            "apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: web-1}\naddressType: IPv4\nendpoints: [{addresses: [127.0.0.1]}]\n",
            "apiVersion: v1\nkind: Secret\nmetadata: {name: web}\nstringData: {a: b}\n",
            Yaml.ConfigMap("web"),
            "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n",
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: many}\n",
            "apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: {name: other}\n",
            "apiVersion: example.com/v1\nkind: AllowList\nmetadata: {name: other}\nitems: 3\n"));

        var reading = folder.Read();

        Assert.Empty(reading.Problems);
        Assert.Equal(
            ["Ingress default/web", "IngressClass yarp", "Service default/web", "EndpointSlice default/web-1", "Secret default/web", "ConfigMap default/web", "Namespace shop"],
            reading.Keys());
    }

    [Fact]
    public void Yaml_yml_and_json_files_are_read_in_every_subdirectory_and_no_others()
    {
        folder.Write("a.yaml", Yaml.ConfigMap("a"));
        folder.Write("deep/er/b.yml", Yaml.ConfigMap("b"));
        folder.Write("deep/c.json", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c"}}""");
        folder.Write("deep/d.txt", Yaml.ConfigMap("d"));
        folder.Write("e.yaml.bak", Yaml.ConfigMap("e"));

        Assert.Equal(["ConfigMap default/a", "ConfigMap default/b", "ConfigMap default/c"], folder.Read().Keys());
    }

    [Fact]
    public void Hidden_files_and_directories_are_passed_over()
    {
        folder.Write(".hidden.yaml", Yaml.ConfigMap("a"));
        folder.Write(".git/b.yaml", Yaml.ConfigMap("b"));
        File.CreateSymbolicLink(folder.PathOf(".#lock.yaml"), "user@host.1234");

        var reading = folder.Read();

        Assert.Empty(reading.Changes);
        Assert.Empty(reading.Problems);
    }

    [Fact]
    public void A_mounted_ConfigMap_is_read_once_through_its_links()
    {
        folder.Write("..2024_01/web.yaml", Yaml.ConfigMap("web"));
        Directory.CreateSymbolicLink(folder.PathOf("..data"), "..2024_01");
        File.CreateSymbolicLink(folder.PathOf("web.yaml"), "..data/web.yaml");

        var reading = folder.Read();

        Assert.Equal(["ConfigMap default/web"], reading.Keys());
        Assert.Empty(reading.Problems);
    }

    [Fact]
    public void Links_in_a_circle_do_not_hang_and_show_no_object_twice()
    {
        folder.Write("a/web.yaml", Yaml.ConfigMap("web"));
        Directory.CreateSymbolicLink(folder.PathOf("a/again"), "..");
        Directory.CreateSymbolicLink(folder.PathOf("a/self"), ".");
        Directory.CreateSymbolicLink(folder.PathOf("b"), "a");

        var reading = folder.Read();

        Assert.Equal(["ConfigMap default/web"], reading.Keys());
        Assert.Empty(reading.Problems);
    }

    [Fact]
    public void Lists_and_typed_lists_hold_objects()
    {
        folder.Write("list.yaml", """
            apiVersion: v1
            kind: List
            items:
            - apiVersion: v1
              kind: ConfigMap
              metadata: {name: a}
            - apiVersion: apps/v1
              kind: Deployment
              metadata: {name: b}
            """);
        folder.Write("typed.json", """{"apiVersion":"v1","kind":"ConfigMapList","items":[{"metadata":{"name":"c"}},{"metadata":{"name":"d"}}]}""");
        folder.Write("empty.yaml", "apiVersion: v1\nkind: List\nitems:\n");

        var reading = folder.Read();

        Assert.Equal(["ConfigMap default/a", "ConfigMap default/c", "ConfigMap default/d"], reading.Keys());
        Assert.Empty(reading.Problems);
    }

    [Fact]
    public void Every_object_knows_its_file_and_line()
    {
        folder.Write("sub/a.yaml", "# comment\n" + Yaml.Documents(Yaml.ConfigMap("a"), Yaml.ConfigMap("b")));
        folder.Write("b.json", "{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[\n{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"c\"}}]}");

        var origins = folder.Read().Origins;

        Assert.Equal(new Origin("sub/a.yaml", 2), origins[new(ResourceKind.ConfigMap, "default", "a")]);
        Assert.Equal(new Origin("sub/a.yaml", 9), origins[new(ResourceKind.ConfigMap, "default", "b")]);
        Assert.Equal(new Origin("b.json", 2), origins[new(ResourceKind.ConfigMap, "default", "c")]);
    }

    [Fact]
    public void Of_an_object_in_two_files_the_first_path_wins_and_the_other_is_a_problem()
    {
        folder.Write("b.yaml", Yaml.ConfigMap("web", "second"));
        folder.Write("a/z.yaml", Yaml.ConfigMap("web", "first"));

        var reading = folder.Read();

        Assert.Equal("first", ((ConfigMap)Assert.Single(reading.Changes).Resource!).Data.GetValueOrDefault("key"));
        var problem = reading.SingleProblem();
        Assert.Equal((ProblemCode.DuplicateObject, "b.yaml", 1), (problem.Code, problem.File, problem.Line));
        Assert.Equal("ConfigMap default/web already stands in a/z.yaml:1, which is served", problem.Message);
    }

    [Fact]
    public void An_object_twice_in_one_file_is_a_problem_at_the_second()
    {
        folder.Write("a.yaml", Yaml.Documents(Yaml.ConfigMap("web", "first"), Yaml.ConfigMap("web", "second")));

        var reading = folder.Read();

        Assert.Equal("first", ((ConfigMap)Assert.Single(reading.Changes).Resource!).Data.GetValueOrDefault("key"));
        Assert.Equal((ProblemCode.DuplicateObject, 8), (reading.SingleProblem().Code, reading.SingleProblem().Line));
    }

    [Fact]
    public void A_missing_directory_and_a_file_in_its_place_are_problems()
    {
        var missing = ManifestDirectory.Read(folder.PathOf("none"));
        folder.Write("file", "x");
        var file = ManifestDirectory.Read(folder.PathOf("file"));

        Assert.Equal(ProblemCode.FileUnreadable, missing.SingleProblem().Code);
        Assert.Contains("none cannot be read: no such file or directory", missing.SingleProblem().Message, StringComparison.Ordinal);
        Assert.Equal(ProblemCode.FileUnreadable, file.SingleProblem().Code);
    }

    [Fact]
    public void A_link_to_nothing_is_a_problem_and_stops_no_other_file()
    {
        folder.Write("a.yaml", Yaml.ConfigMap("a"));
        File.CreateSymbolicLink(folder.PathOf("b.yaml"), "nothing");
        File.CreateSymbolicLink(folder.PathOf("c.yaml"), "c.yaml");

        var reading = folder.Read();

        Assert.Equal(["ConfigMap default/a"], reading.Keys());
        Assert.Equal(["b.yaml", "c.yaml"], reading.Problems.Select(problem => problem.File));
        Assert.All(reading.Problems, problem => Assert.Equal(ProblemCode.FileUnreadable, problem.Code));
    }

    [Fact]
    public void A_fifo_is_a_problem_and_blocks_nobody()
    {
        folder.Write("a.yaml", Yaml.ConfigMap("a"));
        using (var mkfifo = System.Diagnostics.Process.Start("mkfifo", [folder.PathOf("b.yaml")]))
        {
            mkfifo.WaitForExit();
        }

        var reading = folder.Read();

        Assert.Equal(["ConfigMap default/a"], reading.Keys());
        Assert.Equal("the file cannot be read: it is not a regular file", reading.SingleProblem().Message);
    }

    [Fact]
    public void A_directory_that_is_called_like_a_manifest_is_a_directory()
    {
        folder.Write("dir.yaml/a.yaml", Yaml.ConfigMap("a"));

        Assert.Equal(["ConfigMap default/a"], folder.Read().Keys());
    }

    [Fact]
    public void Ten_thousand_Ingresses_and_five_thousand_Services_are_read_in_seconds()
    {
        for (var file = 0; file < 100; file++)
        {
            var ingresses = Enumerable.Range(0, 100).Select(i => Yaml.Ingress($"web-{file}-{i}", $"h{i}.f{file}.example.com"));
            var services = Enumerable.Range(0, 50).Select(i => Yaml.Service($"web-{file}-{i}"));
            folder.Write($"{file}.yaml", Yaml.Documents([.. ingresses, .. services]));
        }

        var started = TimeProvider.System.GetTimestamp();
        var reading = folder.Read();
        var elapsed = TimeProvider.System.GetElapsedTime(started);

        Assert.Equal(15_000, reading.Changes.Count);
        Assert.Empty(reading.Problems);
        Assert.True(elapsed < TimeSpan.FromSeconds(15), $"took {elapsed}");
    }
}
