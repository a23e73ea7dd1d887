using IngressController.Testing;

namespace IngressController.Unit.App;

public sealed class CheckTests
{
    [Fact]
    public async Task Good_manifests_have_no_problems()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("all.yaml", string.Join("---\n", Manifests.Class, Manifests.Web, Manifests.Shop));
        Assert.Equal(
            (0, "problems: none; objects: 1 Ingress, 1 IngressClass, 1 Service, 1 EndpointSlice\n", ""),
            await Shell.RunAsync("check", directory.Path));
    }

    [Fact]
    public async Task An_error_is_a_line_with_file_and_line_and_exit_code_1()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("class.yaml", Manifests.Class);
        directory.Write("sub/broken.yaml", Manifests.Broken);
        directory.Write("junk.yaml", "kind: Ingress\na: [");
        var (exitCode, output, errors) = await Shell.RunAsync("check", directory.Path);
        Assert.Equal((1, ""), (exitCode, errors));
        var lines = output.TrimEnd().Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.Single(lines, line => System.Text.RegularExpressions.Regex.IsMatch(line, @"^junk\.yaml:\d+: error SyntaxError: "));
        Assert.Single(lines, line => line.StartsWith("sub/broken.yaml:9: error ServiceNotFound: Ingress default/broken ", StringComparison.Ordinal));
        Assert.Equal("problems: 2 errors, 0 warnings; objects: 1 Ingress, 1 IngressClass", lines[2]);
    }

    [Fact]
    public async Task A_warning_is_no_failure()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("all.yaml", string.Join("---\n", Manifests.Class, Manifests.Web, Manifests.Shop.Replace("{ name: shop }", "{ name: shop, annotations: { yarp.ingress.kubernetes.io/no-such-thing: x } }", StringComparison.Ordinal)));
        var (exitCode, output, _) = await Shell.RunAsync("check", directory.Path);
        Assert.Contains("warning AnnotationUnknown", output, StringComparison.Ordinal);
        Assert.Equal(0, exitCode);
    }

    [Fact]
    public async Task Flags_of_the_controller_count()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("all.yaml", string.Join("---\n", Manifests.Class, Manifests.Broken));
        Assert.Equal(1, (await Shell.RunAsync("check", directory.Path)).ExitCode);
        Assert.Equal(0, (await Shell.RunAsync("check", directory.Path, "--controller-name", "example.com/another")).ExitCode);
    }
}
