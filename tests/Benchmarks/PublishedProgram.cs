using IngressController.Testing;

namespace IngressController.Benchmarks;

/// <summary>The program as the image has it: Release, with machine code made ahead of time.</summary>
internal sealed class PublishedProgram : IDisposable
{
    /// <summary>On a machine with much to do.</summary>
    private static readonly TimeSpan BuildTime = TimeSpan.FromMinutes(10);

    private readonly TemporaryDirectory directory = new();

    public string File => directory.File("app/ingress-controller.dll");

    public static async Task<PublishedProgram> MakeAsync()
    {
        var program = new PublishedProgram();
        string[] arguments =
        [
            "publish", Repository.Path("src/App"), "--configuration", "Release", "--runtime", "linux-x64", "--self-contained", "false", "-p:PublishReadyToRun=true",
            "-p:UseAppHost=false", "--output", program.directory.File("app"), "--artifacts-path", program.directory.File("build"),
        ];
        await using var publish = RunningProgram.Start("dotnet", arguments);
        return await publish.ExitCodeAsync(BuildTime) == 0 ? program : throw new InvalidOperationException(publish.Output + publish.Errors);
    }

    public void Dispose() => directory.Dispose();
}
