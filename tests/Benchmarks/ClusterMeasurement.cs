using System.Globalization;
using System.Net;
using BenchmarkDotNet.Loggers;
using IngressController.Testing;
using IngressController.Testing.ApiServer;
using IngressController.Testing.Scale;

namespace IngressController.Benchmarks;

/// <summary>How long the published program takes to serve a big cluster, and how much memory: after the start, and while endpoints change. Fails where that is too much.</summary>
internal static class ClusterMeasurement
{
    private const int ChangesPerSecond = 100;
    private const int SteadyMinutes = 4;

    /// <param name="file">The published program's dll; null to publish it.</param>
    public static async Task RunAsync(ClusterSize size, string? file)
    {
        using var published = file is null ? await PublishedProgram.MakeAsync() : null;
        using var directory = new TemporaryDirectory();
        await using var server = await FakeApiServer.StartAsync(tls: true);
        var cluster = new BigCluster(server, size);
        cluster.Create();
        directory.Write("config", server.Kubeconfig());

        var started = TimeProvider.System.GetTimestamp();
        await using var program = RunningProgram.Start(
            "dotnet", [file ?? published!.File, "run", "--kubeconfig", directory.File("config"), "--bind-address", "127.0.0.1", "--http-port", "0", "--https-port", "0", "--admin-port", "0"]);
        while (server.Requests.Count == 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        }

        var toFirstList = TimeProvider.System.GetElapsedTime(started);
        await ReadyAsync(program);
        Say("from start to ready", TimeProvider.System.GetElapsedTime(started).TotalSeconds, "s");
        Say("from first list to ready", (TimeProvider.System.GetElapsedTime(started) - toFirstList).TotalSeconds, "s");
        Say("resident when ready", ResidentMemory.Of(program.Id).Now, "MB");
        await ChangeAsync(cluster, minute => Say($"resident after minute {minute} of {ChangesPerSecond} endpoint changes a second", ResidentMemory.Of(program.Id).Now, "MB"));
        var most = ResidentMemory.Of(program.Id).Peak;
        Say("most that was ever resident", most, "MB");
        if (most >= ClusterSize.MostMemory)
        {
            ConsoleLogger.Default.WriteLineError(string.Create(CultureInfo.InvariantCulture, $"That is too much: it must stay under {ClusterSize.MostMemory} MB."));
            Environment.ExitCode = 1;
        }
    }

    private static async Task ReadyAsync(RunningProgram program)
    {
        var admin = (await program.SaysAsync(@"admin (http://[^\s""]+)")).Groups[1].Value;
        using var client = new HttpClient { BaseAddress = new Uri(admin) };
        while (true)
        {
            using var answer = await client.GetAsync(new Uri("/readyz", UriKind.Relative));
            if (answer.StatusCode == HttpStatusCode.OK)
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }
    }

    private static async Task ChangeAsync(BigCluster cluster, Action<int> afterMinute)
    {
        var began = TimeProvider.System.GetTimestamp();
        var made = 0;
        for (var minute = 1; minute <= SteadyMinutes; minute++)
        {
            while (TimeProvider.System.GetElapsedTime(began) is var elapsed && elapsed < TimeSpan.FromMinutes(minute))
            {
                for (; made < elapsed.TotalSeconds * ChangesPerSecond; made++)
                {
                    cluster.ChangeEndpoint(made);
                }

                await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
            }

            afterMinute(minute);
        }
    }

    private static void Say(string what, double value, string unit) => ConsoleLogger.Default.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {what} | {value:0.0} {unit} |"));
}
