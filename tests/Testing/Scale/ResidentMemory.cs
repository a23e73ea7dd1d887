using System.Globalization;

namespace IngressController.Testing.Scale;

/// <summary>What a process takes of the machine's memory, in MB (10^6 bytes), as the kernel counts it.</summary>
public readonly record struct ResidentMemory(double Now, double Peak)
{
    public static ResidentMemory Of(int process)
    {
        var status = File.ReadAllLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/status"));
        return new(Read(status, "VmRSS:"), Read(status, "VmHWM:"));
    }

    /// <summary>A line like <c>VmRSS:     12345 kB</c>, which means KiB.</summary>
    private static double Read(string[] status, string name) =>
        long.Parse(status.Single(line => line.StartsWith(name, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2].Split('\t')[^1], CultureInfo.InvariantCulture) * 1024 / 1e6;
}
