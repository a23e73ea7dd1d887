using IngressController.App.Cli;
using IngressController.Quickstart;

// quickstart [DIR] [flags of `ingress-controller run`]: the backends of the samples and the controller, in one process.
var folder = args.FirstOrDefault() is { } first && !first.StartsWith('-') ? first : null;
var flags = args.Skip(folder is null ? 0 : 1).ToArray();
if (folder is not null && !Directory.Exists(folder))
{
    Console.Error.WriteLine($"quickstart: there is no directory {folder}");
    return 2;
}

var sample = folder is null ? Sample.Quickstart() : new Sample(Path.GetFullPath(folder));
try
{
    var backends = await Backends.StartAsync(CancellationToken.None);
    Console.Error.WriteLine($"Backends on 127.0.0.1: {string.Join(", ", backends.Select(backend => $"{backend.Name} at {backend.Port}"))}");
    Console.Error.WriteLine($"Manifests: {sample.Manifests} (edit one while this runs: it is live within a second)");
    Console.Error.WriteLine("Try, in another terminal:");
    foreach (var command in sample.Commands())
    {
        Console.Error.WriteLine($"  {command}");
    }

    Console.Error.WriteLine("Ctrl-C ends it.\n");
    var exitCode = await CommandLine.InvokeAsync(["run", "--manifests", sample.Manifests, .. flags]);
    await Backends.StopAsync(backends);
    return exitCode;
}
catch (IOException failure)
{
    Console.Error.WriteLine($"quickstart: {failure.Message}; does another quickstart run?");
    return 2;
}
