using System.Diagnostics;
using System.Globalization;
using BenchmarkDotNet.Loggers;
using IngressController.Testing;
using IngressController.Testing.Scale;

namespace IngressController.Benchmarks;

/// <summary>
/// What 10,000 hosts, each with a certificate of its own, cost the published program, beside 10: CPU until it is ready, memory, and CPU for each handshake.
/// The two take turns, so that what else runs on the machine hits both.
/// </summary>
internal static class CertificateMeasurement
{
    private const int Few = 10;
    private const int Many = 10_000;
    private const int Rounds = 7;
    private const int Handshakes = 1000;

    /// <param name="file">The published program's dll; null to publish it.</param>
    public static async Task RunAsync(string? file)
    {
        using var published = file is null ? await PublishedProgram.MakeAsync() : null;
        using var directories = new TemporaryDirectory();
        await using var few = await StartAsync(file ?? published!.File, directories.File("few"), Few);
        await using var many = await StartAsync(file ?? published!.File, directories.File("many"), Many);
        await CertifiedHosts.ShakeHandsAsync(few, Few, Handshakes); // the runtime compiles the code of handshakes
        await CertifiedHosts.ShakeHandsAsync(many, Few, Handshakes);
        Say(Many, "CPU for the first handshake with a host, over all of them", await CpuAsync(many, Many, Many), "ms");
        await CertifiedHosts.ShakeHandsAsync(many, Many, Many);
        Say(Few, "resident after two handshakes with every host", Resident(few), "MB");
        Say(Many, "resident after two handshakes with every host", Resident(many), "MB");
        var (fewOfFew, fewOfMany, allOfMany) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            fewOfFew.Add(await CpuAsync(few, Few, Handshakes));
            fewOfMany.Add(await CpuAsync(many, Few, Handshakes));
            allOfMany.Add(await CpuAsync(many, Many, Handshakes));
        }

        Say(Few, $"CPU for a later handshake with one of {Few} hosts", Median(fewOfFew), "ms");
        Say(Many, $"CPU for a later handshake with one of {Few} hosts", Median(fewOfMany), "ms");
        Say(Many, "CPU for a later handshake with one of all hosts", Median(allOfMany), "ms");
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static async Task<ControllerProcess> StartAsync(string program, string directory, int hosts)
    {
        CertifiedHosts.Write(directory, hosts);
        var started = TimeProvider.System.GetTimestamp();
        var controller = await ControllerProcess.OfAsync(RunningProgram.Start(
            "dotnet", [program, "--manifests", directory, "--bind-address", "127.0.0.1", "--http-port", "0", "--https-port", "0", "--admin-port", "0"]));
        Say(hosts, "from start to ready", TimeProvider.System.GetElapsedTime(started).TotalSeconds, "s");
        Say(hosts, "CPU until ready", Cpu(controller).TotalSeconds, "s");
        Say(hosts, "resident when ready", Resident(controller), "MB");
        return controller;
    }

    /// <returns>Milliseconds of the program's CPU for each handshake.</returns>
    private static async Task<double> CpuAsync(ControllerProcess controller, int hosts, int handshakes)
    {
        var before = Cpu(controller);
        await CertifiedHosts.ShakeHandsAsync(controller, hosts, handshakes);
        return (Cpu(controller) - before).TotalMilliseconds / handshakes;
    }

    private static TimeSpan Cpu(ControllerProcess controller)
    {
        using var process = Process.GetProcessById(controller.Program.Id);
        return process.TotalProcessorTime;
    }

    private static double Resident(ControllerProcess controller) => ResidentMemory.Of(controller.Program.Id).Now;

    private static void Say(int hosts, string what, double value, string unit) =>
        ConsoleLogger.Default.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {hosts} hosts | {what} | {value:0.00} {unit} |"));
}
