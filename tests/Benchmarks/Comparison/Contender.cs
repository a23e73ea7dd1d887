using IngressController.Testing;

namespace IngressController.Benchmarks.Comparison;

/// <summary>A proxy to compare.</summary>
/// <param name="Start">Starts it with a configuration for the site, on these ports of 127.0.0.1.</param>
/// <param name="Log">The file that it appends lines to; null where there is none.</param>
internal sealed record Contender(string Name, Func<Site, Ports, RunningProgram> Start, Func<Site, string>? Log = null);

internal readonly record struct Ports(int Http, int Https)
{
    public static Ports Free() => new(Site.FreePort(), Site.FreePort());
}

/// <summary>A proxy that runs.</summary>
/// <param name="Log">As the contender's.</param>
internal sealed record RunningProxy(Contender Contender, RunningProgram Program, Ports Ports, string? Log) : IAsyncDisposable
{
    /// <summary>Stock YARP takes more than half a minute for 10,000 hosts.</summary>
    private static readonly TimeSpan StartTime = TimeSpan.FromMinutes(5);

    public ProcessTree Processes { get; } = new(Program.Id);

    public static async Task<RunningProxy> StartAsync(Contender contender, Site site)
    {
        var ports = Ports.Free();
        var proxy = new RunningProxy(contender, contender.Start(site, ports), ports, contender.Log?.Invoke(site));
        using var client = new HttpClient { BaseAddress = new($"http://127.0.0.1:{ports.Http}") };
        var began = TimeProvider.System.GetTimestamp();
        while (!await AnswersAsync(client, site.Hosts[^1]))
        {
            if (proxy.Program.HasExited || TimeProvider.System.GetElapsedTime(began) > StartTime)
            {
                throw new InvalidOperationException($"{contender.Name} does not serve:\n{proxy.Program.Output}\n{proxy.Program.Errors}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }

        return proxy;
    }

    /// <summary>As those who keep logs do when they have a copy.</summary>
    public void EmptyLog()
    {
        if (Log is not null)
        {
            using var file = new FileStream(Log, FileMode.Truncate, FileAccess.Write, FileShare.ReadWrite);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!Program.HasExited)
        {
            await Program.SignalAsync("TERM"); // nginx's workers end with their master only if it may tell them
            await Program.ExitCodeAsync(TimeSpan.FromMinutes(1));
        }

        await Program.DisposeAsync();
    }

    private static async Task<bool> AnswersAsync(HttpClient client, string host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { Host = host } };
        try
        {
            using var answer = await client.SendAsync(request);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
