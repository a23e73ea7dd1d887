using System.Globalization;

namespace IngressController.Benchmarks.Comparison;

/// <summary>A process with all that it has started, as the kernel accounts for them.</summary>
internal sealed class ProcessTree(int root)
{
    /// <summary>USER_HZ, which Linux keeps at 100 on all platforms that we measure on (man 5 proc).</summary>
    private const double TicksPerSecond = 100;

    /// <summary>User and system time so far, in seconds.</summary>
    public double CpuSeconds => All().Sum(id => Cpu(id)) / TicksPerSecond;

    /// <summary>Resident memory in 10^6 bytes, what several share counted once.</summary>
    public double Megabytes => All().Sum(Proportional) * 1024 / 1e6;

    private IEnumerable<int> All()
    {
        var waiting = new Queue<int>([root]);
        while (waiting.TryDequeue(out var id))
        {
            yield return id;
            foreach (var child in Children(id))
            {
                waiting.Enqueue(child);
            }
        }
    }

    private static IEnumerable<int> Children(int id) =>
        from task in Directory.GetDirectories($"/proc/{id}/task")
        from child in File.ReadAllText($"{task}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)
        select int.Parse(child, CultureInfo.InvariantCulture);

    private static double Cpu(int id)
    {
        var stat = File.ReadAllText($"/proc/{id}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' '); // the name before may have spaces
        return double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture);
    }

    /// <summary>In kB.</summary>
    private static double Proportional(int id) => double.Parse(
        File.ReadLines($"/proc/{id}/smaps_rollup").First(line => line.StartsWith("Pss:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture);
}
