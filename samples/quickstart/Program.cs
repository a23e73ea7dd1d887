using System.Net;
using IngressController.App.Cli;
using IngressController.Quickstart;

// quickstart [DIR] [--backend-address ADDR] [flags of `ingress-controller run`]: the backends of the samples and the controller, in one process.
const string addressFlag = "--backend-address"; // for tests that run beside another quickstart
var folder = args.FirstOrDefault() is { } first && !first.StartsWith('-') ? first : null;
var flags = args.Skip(folder is null ? 0 : 1).ToList();
var address = IPAddress.Loopback;
if (flags.IndexOf(addressFlag) is var at and >= 0 && at + 1 < flags.Count && IPAddress.TryParse(flags[at + 1], out var other))
{
    address = other;
    flags.RemoveRange(at, 2);
}

if (folder is not null && !Directory.Exists(folder))
{
    Console.Error.WriteLine($"quickstart: there is no directory {folder}");
    return 2;
}

var sample = folder is null ? Sample.Quickstart() : new Sample(Path.GetFullPath(folder));
try
{
    var backends = await Backends.StartAsync(address, CancellationToken.None);
    Console.Error.WriteLine($"Backends on {address}: {string.Join(", ", backends.Select(backend => $"{backend.Name} at {backend.Port}"))}");
    Console.Error.WriteLine($"Manifests: {sample.Manifests} (edit one while this runs: it is live within a second)");
    Console.Error.WriteLine("Try, in another terminal:");
    foreach (var command in sample.Commands())
    {
        Console.Error.WriteLine($"  {command}");
    }

    if (!flags.Exists(flag => flag.StartsWith("--admin-port", StringComparison.Ordinal))) // otherwise the summary names it
    {
        Console.Error.WriteLine("See what it does, in a browser:\n  http://localhost:9090/");
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
