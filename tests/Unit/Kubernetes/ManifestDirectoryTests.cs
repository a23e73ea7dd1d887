using IngressController.Cluster;
using IngressController.Kubernetes.Manifests;

namespace IngressController.Unit.Kubernetes;

public sealed class ManifestDirectoryTests : IDisposable
{
    private readonly ManifestFolder folder = new();

    public void Dispose() => folder.Dispose();

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
    public void Ten_thousand_Ingresses_and_five_thousand_Services_are_read()
    {
        for (var file = 0; file < 100; file++)
        {
            var ingresses = Enumerable.Range(0, 100).Select(i => Yaml.Ingress($"web-{file}-{i}", $"h{i}.f{file}.example.com"));
            var services = Enumerable.Range(0, 50).Select(i => Yaml.Service($"web-{file}-{i}"));
            folder.Write($"{file}.yaml", Yaml.Documents([.. ingresses, .. services]));
        }

        var reading = folder.Read();
        Assert.Equal(15_000, reading.Changes.Count);
        Assert.Empty(reading.Problems);
    }
}
