namespace IngressController.Certificates.Acme.Issuing;

/// <summary>How long to leave something alone that failed.</summary>
internal static class Backoff
{
    private const double Jitter = 0.25;
    private static readonly TimeSpan ShortestOfAuthority = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestOfAuthority = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan ShortestOfHost = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan LongestOfHost = TimeSpan.FromDays(1);

    /// <summary>Doubles from a quarter of an hour to a day, with up to a quarter more by chance: four failures an hour at most, of the five that Let's Encrypt allows.</summary>
    /// <param name="failures">In a row, from 1.</param>
    /// <param name="chance">From 0 to 1.</param>
    public static TimeSpan OfHost(int failures, double chance) => Doubling(ShortestOfHost, LongestOfHost, failures, chance);

    /// <summary>Of an authority that is down, or of what we write to: doubles from a second to five minutes, with up to a quarter more by chance.</summary>
    /// <inheritdoc cref="OfHost"/>
    public static TimeSpan OfAuthority(int failures, double chance) => Doubling(ShortestOfAuthority, LongestOfAuthority, failures, chance);

    private static TimeSpan Doubling(TimeSpan shortest, TimeSpan longest, int failures, double chance)
    {
        var pause = shortest * Math.Pow(2, Math.Clamp(failures - 1, 0, 20));
        return (pause < longest ? pause : longest) * (1 + (Jitter * chance));
    }
}
