using System.Collections.Concurrent;
using IngressController.Certificates.Acme.Protocol;
using IngressController.Cluster;

namespace IngressController.Certificates.Acme.Issuing;

/// <summary>Issuers that are left alone for a while, because they are down, do not want us or limit us. Thread-safe; lasts for a term.</summary>
internal sealed class IssuerSetbacks(TimeProvider time)
{
    /// <summary>What an authority limits by mistake ends; whether it has is looked at so often.</summary>
    private static readonly TimeSpan LongestLimit = TimeSpan.FromHours(1);
    private static readonly TimeSpan UsualLimit = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, Setback> held = new();

    public IReadOnlyDictionary<string, HoldRecord> Holds => held.ToDictionary(item => item.Key, item => item.Value.Hold);

    /// <summary>Those that may be down still.</summary>
    public IReadOnlySet<string> InTrouble => held.Where(item => item.Value.Count > 0).Select(item => item.Key).ToHashSet();

    /// <summary>What the leader before has left.</summary>
    public void Continue(IEnumerable<HoldRecord> holds)
    {
        foreach (var hold in holds)
        {
            held[hold.Issuer] = new(hold, 1, []);
        }
    }

    /// <summary>Several that fail at the same time are one failure.</summary>
    /// <param name="hosts">Of the order; empty where there was none.</param>
    public HoldRecord Failed(Issuer issuer, AcmeException failure, EquatableArray<string> hosts)
    {
        var now = time.GetUtcNow();
        var domains = hosts.Select(DomainOf).ToHashSet();
        return held.AddOrUpdate(issuer.Name, _ => Next(0, []), (_, known) => Lasts(known.Hold.Until - now) ? known : Next(known.Count, known.Limited)).Hold;

        Setback Next(int count, HashSet<string> limited)
        {
            var isLimit = failure.Is(AcmeProblem.RateLimited);
            var isOfAll = !isLimit || failure.IsUnavailable || IsOfAccount(failure) || (limited.Count > 0 && !limited.Overlaps(domains));
            var (pause, asked) = (Backoff.OfAuthority(count + 1, Random.Shared.NextDouble()), isOfAll ? failure.RetryAfter ?? (isLimit ? UsualLimit : TimeSpan.Zero) : TimeSpan.Zero);
            asked = asked < LongestLimit ? asked : LongestLimit;
            return new(new(issuer.Name, now + (asked > pause ? asked : pause), failure.Message) { LimitsOrders = isLimit, Type = failure.Problem?.Type }, count + 1, isLimit ? domains : []);
        }
    }

    public void Succeeded(Issuer issuer)
    {
        if (held.TryGetValue(issuer.Name, out var known))
        {
            _ = known.Hold.LimitsOrders && known.Hold.Until > time.GetUtcNow()
                ? held.TryUpdate(issuer.Name, new(known.Hold, 0, []), known)
                : held.TryRemove(KeyValuePair.Create(issuer.Name, known));
        }
    }

    /// <summary>What would last for longer was begun before the clock was set back.</summary>
    private static bool Lasts(TimeSpan left) => left > TimeSpan.Zero && left <= LongestLimit + UsualLimit;

    /// <summary>In the words of Let's Encrypt. Other limits are for one domain, or for one set of hosts, and hold up nobody else.</summary>
    private static bool IsOfAccount(AcmeException failure) =>
        failure.Problem?.Detail is { } detail && (detail.Contains("new orders", StringComparison.OrdinalIgnoreCase) || detail.Contains("registrations", StringComparison.OrdinalIgnoreCase));

    /// <summary>The last two labels: what the authority counts together, or more.</summary>
    private static string DomainOf(string host) => string.Join('.', host.Split('.').TakeLast(2));

    /// <param name="Count">How often in a row.</param>
    /// <param name="Limited">The domains of the order that was refused by a limit; empty: none was.</param>
    private sealed record Setback(HoldRecord Hold, int Count, HashSet<string> Limited);
}

/// <summary>Secrets that are left alone for a while, because something of them alone failed that was not the authority's word about a host. Thread-safe; lasts for a term.</summary>
internal sealed class SecretSetbacks(TimeProvider time)
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<NamespacedName, (DateTimeOffset Until, int Count)> paused = new();

    public IReadOnlyDictionary<NamespacedName, DateTimeOffset> Pauses => paused.ToDictionary(item => item.Key, item => item.Value.Until);

    /// <param name="least">As long at least, but for an hour at most.</param>
    /// <returns>How often it failed in a row.</returns>
    public int Failed(NamespacedName secret, TimeSpan least) => paused.AddOrUpdate(secret, _ => Next(1, least), (_, known) => Next(known.Count + 1, least)).Count;

    public void Succeeded(NamespacedName secret) => paused.TryRemove(secret, out _);

    private (DateTimeOffset Until, int Count) Next(int count, TimeSpan least) => (time.GetUtcNow() + (least < Longest ? least : Longest) + Backoff.OfAuthority(count, Random.Shared.NextDouble()), count);
}

/// <summary>What cannot be written, for everybody to see. Thread-safe.</summary>
internal sealed class Troubles
{
    private readonly ConcurrentDictionary<NamespacedName, EquatableArray<Problem>> known = new();

    public IEnumerable<Problem> Problems => known.Values.SelectMany(problems => problems);

    /// <returns>It is new.</returns>
    public bool Note(NamespacedName secret, EquatableArray<Problem> problems)
    {
        var isNew = !known.TryGetValue(secret, out var before) || before != problems;
        known[secret] = problems;
        return isNew;
    }

    public void Clear(NamespacedName secret) => known.TryRemove(secret, out _);

    public void Keep(IReadOnlySet<NamespacedName> secrets)
    {
        foreach (var secret in known.Keys.Where(secret => !secrets.Contains(secret)))
        {
            known.TryRemove(secret, out _);
        }
    }
}
