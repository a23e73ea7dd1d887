using IngressController.Kubernetes.Api;

namespace IngressController.Kubernetes.Watching;

/// <summary>How long to wait after a failure.</summary>
internal static class Pause
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>Doubles from a quarter of a second to half a minute, with up to half more by chance; never less than the server asks for, up to five minutes.</summary>
    /// <param name="failures">In a row, from 1.</param>
    public static TimeSpan After(int failures, Exception failure)
    {
        var pause = Shortest * Math.Pow(2, Math.Min(failures - 1, 20));
        pause = pause < Longest ? pause : Longest;
        if ((failure as ApiException)?.RetryAfter is { } asked && asked > pause)
        {
            pause = asked < TimeSpan.FromMinutes(5) ? asked : TimeSpan.FromMinutes(5);
        }

        return pause * (1 + (Random.Shared.NextDouble() / 2));
    }
}
