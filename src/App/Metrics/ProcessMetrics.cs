using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;

namespace IngressController.App.Metrics;

/// <summary>What the process takes of its machine, as Linux counts it, under the names that Prometheus' own clients use. What cannot be read is left out.</summary>
internal sealed class ProcessMetrics
{
    public const string MeterName = "process";

    /// <summary>In Unix time.</summary>
    public static double Started { get; } = new DateTimeOffset(Process.GetCurrentProcess().StartTime).ToUnixTimeMilliseconds() / 1000.0;

    public ProcessMetrics(IMeterFactory factory)
    {
        var meter = factory.Create(MeterName);
        meter.CreateObservableCounter("process.cpu", () => Environment.CpuUsage.TotalTime.TotalSeconds, "s", "Time of processors that was used");
        meter.CreateObservableGauge("process.resident_memory", () => Environment.WorkingSet, "By", "Memory of the machine that is used");
        meter.CreateObservableGauge("process.virtual_memory", VirtualMemory, "By", "Addresses that are in use, with or without memory behind them");
        meter.CreateObservableGauge("process.open_fds", OpenFiles, "{file}", "Files and sockets that are open");
        meter.CreateObservableGauge("process.max_fds", MostFiles, "{file}", "Files and sockets that may be open");
        meter.CreateObservableGauge("process.start_time", () => Started, "s", "When it started, in Unix time");
        meter.CreateObservableGauge("dotnet.thread_pool.threads", () => ThreadPool.ThreadCount, "{thread}", "Threads that do the work"); // the runtime's own instruments say that these only grow
        meter.CreateObservableGauge("dotnet.thread_pool.queue.length", () => ThreadPool.PendingWorkItemCount, "{work_item}", "Work that waits for a thread");
        meter.CreateObservableGauge("process.sockets", Sockets, "{socket}", "TCP sockets of the machine or the pod, by state");
    }

    public static IEnumerable<Measurement<long>> VirtualMemory() => Read("/proc/self/statm", lines => Number(lines[0], 0) * Environment.SystemPageSize);

    private static IEnumerable<Measurement<long>> MostFiles() => Read("/proc/self/limits", lines => Number(lines.First(line => line.StartsWith("Max open files", StringComparison.Ordinal)), 3));

    private static IEnumerable<Measurement<long>> OpenFiles()
    {
        try
        {
            return [new(Directory.EnumerateFileSystemEntries("/proc/self/fd").LongCount())];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>A line like <c>TCP: inuse 5 orphan 0 tw 0 alloc 7 mem 1</c>; those of IPv6 have a line of their own, with those in use only.</summary>
    private static IEnumerable<Measurement<long>> Sockets() =>
        new[] { ("inuse", 2), ("orphan", 4), ("tw", 6), ("alloc", 8) }.SelectMany(state => Read(
            "/proc/net/sockstat",
            lines => Number(lines.First(line => line.StartsWith("TCP:", StringComparison.Ordinal)), state.Item2),
            new KeyValuePair<string, object?>("state", state.Item1)));

    private static Measurement<long>[] Read(string file, Func<string[], long> number, params KeyValuePair<string, object?>[] tags)
    {
        try
        {
            return [new(number(File.ReadAllLines(file)), tags)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException or FormatException or IndexOutOfRangeException or OverflowException)
        {
            return [];
        }
    }

    private static long Number(string line, int word) => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[word], CultureInfo.InvariantCulture);
}
