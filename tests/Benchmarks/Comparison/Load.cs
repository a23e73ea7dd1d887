using System.Globalization;
using System.Text.RegularExpressions;
using IngressController.Testing;

namespace IngressController.Benchmarks.Comparison;

/// <summary>What is asked of a proxy.</summary>
/// <param name="Script">For wrk, which asks so; gets the hosts' file as its argument.</param>
internal sealed record Workload(string Name, int Hosts, bool IsTls, string Script)
{
    private const string Rotate = """
        local requests, at = {}, 0
        function init(args)
          for host in io.lines(args[1]) do requests[#requests + 1] = wrk.format("METHOD", "TARGET", { Host = host }, BODY) end
          for i = #requests, 2, -1 do local j = math.random(i); requests[i], requests[j] = requests[j], requests[i] end
        end
        function request()
          at = at % #requests + 1
          return requests[at]
        end
        """;

    public static IReadOnlyList<Workload> All { get; } =
    [
        new("GET, 3 bytes, 1 host", 1, false, Asking("GET", "/", "nil")),
        new("GET, 3 bytes, 10,000 hosts", 10_000, false, Asking("GET", "/", "nil")),
        new("GET, 10 KB, 1 host", 1, false, Asking("GET", "/10k", "nil")),
        new("POST, 10 KB, 1 host", 1, false, Asking("POST", "/", "string.rep('x', 10240)")),
        new("GET, 3 bytes, TLS, kept alive", 1, true, Asking("GET", "/", "nil")),
    ];

    private static string Asking(string method, string target, string body) =>
        Rotate.Replace("METHOD", method, StringComparison.Ordinal).Replace("TARGET", target, StringComparison.Ordinal).Replace("BODY", body, StringComparison.Ordinal);
}

/// <summary>What came of it.</summary>
/// <param name="Cpu">Of the proxy, in microseconds a request.</param>
/// <param name="P50">In milliseconds.</param>
/// <param name="P99">In milliseconds.</param>
internal readonly record struct Sample(double Cpu, double Throughput, double P50, double P99, double Megabytes);

/// <summary>wrk: 32 connections that are kept alive, each with one request at a time.</summary>
internal static partial class Load
{
    private const int Connections = 32;

    /// <exception cref="InvalidOperationException">Not every request was answered as it should be: then nothing was measured.</exception>
    public static async Task<Sample> RunAsync(RunningProxy proxy, Workload workload, string script, string hosts, int seconds)
    {
        var address = workload.IsTls ? $"https://localhost:{proxy.Ports.Https}" : $"http://127.0.0.1:{proxy.Ports.Http}";
        proxy.EmptyLog();
        var before = proxy.Processes.CpuSeconds;
        string[] arguments = ["--threads", "1", "--connections", $"{Connections}", "--duration", $"{seconds}s", "--latency", "--script", script, address, "--", hosts];
        await using var wrk = RunningProgram.Start("wrk", arguments);
        await wrk.ExitCodeAsync(TimeSpan.FromSeconds(seconds + 30));
        var cpu = proxy.Processes.CpuSeconds - before;
        var said = wrk.Output;
        if (said.Contains("Non-2xx", StringComparison.Ordinal) || said.Contains("Socket errors", StringComparison.Ordinal) || !Requests().IsMatch(said))
        {
            throw new InvalidOperationException($"{proxy.Contender.Name}, {workload.Name}:\n{said}{wrk.Errors}\nIt {(proxy.Program.HasExited ? "has ended" : "runs")} and said:\n{proxy.Program.Output}{proxy.Program.Errors}");
        }

        return new(cpu * 1e6 / Number(Requests(), said), Number(Throughput(), said), Milliseconds("50%", said), Milliseconds("99%", said), proxy.Processes.Megabytes);
    }

    private static double Number(Regex pattern, string said) => double.Parse(pattern.Match(said).Groups[1].Value, CultureInfo.InvariantCulture);

    private static double Milliseconds(string percentile, string said)
    {
        var match = Regex.Match(said, Regex.Escape(percentile) + @"\s+([\d.]+)(us|ms|s)");
        var value = double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
        return match.Groups[2].Value switch { "us" => value / 1000, "ms" => value, _ => value * 1000 };
    }

    [GeneratedRegex(@"(\d+) requests in")]
    private static partial Regex Requests();

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex Throughput();
}
