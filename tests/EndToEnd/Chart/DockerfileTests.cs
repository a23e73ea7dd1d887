using System.Text.RegularExpressions;
using IngressController.Testing;

namespace IngressController.EndToEnd.Chart;

/// <summary>Nobody builds the image here, but its commands run as they stand, on what it copies.</summary>
public sealed class DockerfileTests
{
    private static readonly string[] Lines = File.ReadAllLines(Repository.Path("Dockerfile"));

    [Fact]
    public async Task The_commands_of_the_image_publish_a_program_that_runs()
    {
        using var source = new TemporaryDirectory();
        foreach (var copied in Lines.Where(line => line.StartsWith("COPY ", StringComparison.Ordinal) && !line.Contains("--from", StringComparison.Ordinal)))
        {
            var words = copied.Split(' ')[1..];
            Copy(words[..^1], Path.Combine(source.Path, words[^1]));
        }

        var commands = Lines.Where(line => line.StartsWith("RUN ", StringComparison.Ordinal)).Select(line => line["RUN ".Length..]).ToList();
        Assert.Equal(2, commands.Count);
        foreach (var command in commands)
        {
            var (exitCode, output, errors) = await Helm.RunAsync("bash", ["-c", command], source.Path);
            Assert.True(exitCode == 0, $"{command}\n{output}{errors}");
        }

        await AssertImageRunsAsync(source.Path);
    }

    [Fact]
    public void The_image_has_no_shell_and_no_root()
    {
        Assert.Equal("FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled", Lines.Last(line => line.StartsWith("FROM ", StringComparison.Ordinal)));
        Assert.Contains("USER $APP_UID", Lines);
        Assert.Contains("EXPOSE 8080 9090", Lines);
    }

    /// <summary>By the image's own entry point, where only the folder that is copied out of the build stage stands elsewhere.</summary>
    private static async Task AssertImageRunsAsync(string source)
    {
        Assert.Contains("COPY --from=build /source/app /app", Lines);
        var entry = Regex.Match(Lines.Single(line => line.StartsWith("ENTRYPOINT ", StringComparison.Ordinal)), """\["(.+)", "/(.+)"\]""");
        var (exitCode, output, errors) = await Helm.RunAsync(entry.Groups[1].Value, [entry.Groups[2].Value, "version"], source);
        Assert.True(exitCode == 0, errors);
        Assert.StartsWith("ingress-controller 0.1.0", output, StringComparison.Ordinal);
        var program = Path.Combine(source, "app", "ingress-controller.dll");
        var plain = Path.Combine(source, "src/App/obj/Release/net10.0/linux-x64/ingress-controller.dll");
        Assert.True(new FileInfo(program).Length > 1.5 * new FileInfo(plain).Length, "ReadyToRun adds machine code");
        Assert.Empty(Directory.GetFiles(Path.Combine(source, "app"), "*.lock*"));
    }

    private static void Copy(IEnumerable<string> sources, string target)
    {
        foreach (var name in sources)
        {
            if (File.Exists(Repository.Path(name)))
            {
                File.Copy(Repository.Path(name), Path.Combine(target, name));
                continue;
            }

            foreach (var file in Directory.GetFiles(Repository.Path(name), "*", SearchOption.AllDirectories))
            {
                var relative = Path.GetRelativePath(Repository.Path(name), file);
                if (!relative.Split('/').Any(folder => folder is "bin" or "obj")) // .dockerignore
                {
                    Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(target, relative))!);
                    File.Copy(file, Path.Combine(target, relative));
                }
            }
        }
    }
}
