using BenchmarkDotNet.Loggers;
using IngressController.Testing;
using IngressController.Testing.Tls;

namespace IngressController.Benchmarks.Comparison;

/// <summary>
/// All contenders run at the same time on loopback, and are loaded one after the other, in turn, for several rounds: what else the machine does hits all alike.
/// </summary>
internal static class ComparedProxies
{
    /// <param name="arguments">
    /// <c>compare</c> with others, or <c>seeing</c>: this one with more or less told of requests. --rounds N (5), --seconds N for each load (5), --only NAMES of contenders,
    /// by comma; the first, which the others are compared with, is always there. --workload TEXT: only those with this in their names. --starts N (1): all are started anew so
    /// often, with as many rounds each, because what a runtime has made of the code differs from start to start. --warm-up N: seconds of load before those that count (20;
    /// 80 where it is a few microseconds that are looked for), until a runtime has made of the code what it makes of it.
    /// </param>
    public static async Task RunAsync(string[] arguments)
    {
        var isSeeing = arguments[0] == "seeing";
        var starts = Number(arguments, "--starts", 1);
        var pace = new Pace(Number(arguments, "--warm-up", isSeeing ? 80 : 20), Number(arguments, "--rounds", 5), Number(arguments, "--seconds", 5));
        var only = Option(arguments, "--only")?.Split(',');
        using var published = await PublishedProgram.MakeAsync();
        using var directory = new TemporaryDirectory();
        using var authority = TestAuthority.Create();
        var certificate = authority.Server("*.example.test", "localhost");
        var port = Site.FreePort();
        await using var backend = Contenders.StartBackend(directory, port);
        await using var collector = await EchoBackend.StartAsync("collector");
        collector.Answer = context => context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        var otlp = $"http://127.0.0.1:{collector.Port}";
        var all = isSeeing ? Controllers.All(published.File, otlp) : Contenders.All(published.File, otlp);
        var contenders = all.Where(contender => contender == all[0] || only?.Contains(contender.Name) != false).ToList();
        var wanted = Option(arguments, "--workload") ?? "";
        var workloads = Workload.All.Where(workload => workload.Name.Contains(wanted, StringComparison.OrdinalIgnoreCase) && (!isSeeing || workload is { Hosts: 1, IsTls: false }));
        foreach (var group in workloads.GroupBy(workload => workload.Hosts))
        {
            using var files = new TemporaryDirectory();
            var site = new Site(files, group.Key, port, certificate);
            var results = group.Select(workload => new Results(workload, [.. contenders.Select(contender => contender.Name)])).ToList();
            for (var start = 0; start < starts; start++)
            {
                await CompareAsync(contenders, site, results, pace);
            }

            foreach (var result in results)
            {
                ConsoleLogger.Default.WriteLine(isSeeing ? Report.Differences(result) : Report.Ratios(result));
            }
        }

        await backend.SignalAsync("TERM");
        await backend.ExitCodeAsync();
    }

    private static async Task CompareAsync(List<Contender> contenders, Site site, IReadOnlyList<Results> results, Pace pace)
    {
        var proxies = new List<RunningProxy>();
        try
        {
            foreach (var contender in contenders)
            {
                proxies.Add(await RunningProxy.StartAsync(contender, site));
            }

            foreach (var result in results)
            {
                await MeasureAsync(proxies, site, pace, result);
            }
        }
        finally
        {
            foreach (var proxy in proxies)
            {
                await proxy.DisposeAsync();
            }
        }
    }

    private static async Task MeasureAsync(List<RunningProxy> proxies, Site site, Pace pace, Results results)
    {
        var workload = results.Workload;
        var (script, hosts) = (site.Write("wrk.lua", workload.Script), site.Write("hosts", site.EachHost(host => host)));
        results.Start();
        for (var round = 0; round < pace.WarmUps + pace.Rounds; round++)
        {
            for (var turn = 0; turn < proxies.Count; turn++)
            {
                var which = (round + turn) % proxies.Count;
                var sample = await Load.RunAsync(proxies[which], workload, script, hosts, pace.Seconds);
                if (round >= pace.WarmUps)
                {
                    results.Add(which, sample);
                }
            }
        }
    }

    private static int Number(string[] arguments, string name, int otherwise) =>
        Option(arguments, name) is { } text ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : otherwise;

    private static string? Option(string[] arguments, string name) =>
        Array.IndexOf(arguments, name) is >= 0 and var at && at + 1 < arguments.Length ? arguments[at + 1] : null;

    /// <param name="WarmUp">In seconds, before what counts.</param>
    /// <param name="Seconds">Of each round.</param>
    private readonly record struct Pace(int WarmUp, int Rounds, int Seconds)
    {
        /// <summary>Rounds that do not count. They are as short as the others, since some code runs only where connections begin and end.</summary>
        public int WarmUps => (WarmUp + Seconds - 1) / Seconds;
    }
}
