using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using IngressController.Certificates.Acme.Protocol;
using Microsoft.Extensions.Logging;

namespace IngressController.Certificates.Acme.Issuing;

/// <summary>Asks authorities when they want our certificates renewed (RFC 9773), one after the other. What they do not answer costs nothing: then the lifetime decides. Outlasts terms.</summary>
internal sealed class RenewalWindows(NewsBoard board, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestStart = TimeSpan.FromHours(1);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan WithoutAnswer = TimeSpan.FromDays(1);
    private static readonly TimeSpan LongestQuiet = TimeSpan.FromMinutes(1);

    /// <summary>Thousands that are asked about one after the other need not be looked at ten times a second.</summary>
    private static readonly TimeSpan Untold = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, RenewalWindow> known = new();
    private readonly Dictionary<string, DateTimeOffset> asksAt = [];
    private readonly Dictionary<string, DateTimeOffset> failing = [];
    private long? told;
    private bool isNew;

    /// <summary>By serial number.</summary>
    public IReadOnlyDictionary<string, RenewalWindow> All => known;

    public RenewalWindow? Of(HeldCertificate? held) => held?.Leaf is { } leaf ? known.GetValueOrDefault(leaf.Serial) : null;

    /// <summary>What can happen here: the time to ask about a certificate has come; or there are other certificates; or the term ends.</summary>
    /// <param name="accounts">Of this term.</param>
    public async Task RunAsync(Accounts accounts, CancellationToken term)
    {
        while (true)
        {
            var next = board.Next;
            Tell();
            var ours = Ours(board.Now ?? News.None);
            Follow(ours);
            var due = ours.Where(one => AsksAt(one) <= time.GetUtcNow()).OrderBy(AsksAt).FirstOrDefault();
            if (due.Leaf is not null)
            {
                await AskAsync(accounts, due.Leaf, due.Issuer, term);
                await Task.Delay(Pace, time, term);
                continue;
            }

            var wait = ours.Select(one => AsksAt(one) - time.GetUtcNow()).Append(isNew ? Untold : LongestQuiet).Min();
            await Task.WhenAny(next, Task.Delay(wait > Pace ? wait : Pace, time, term));
            term.ThrowIfCancellationRequested();
        }
    }

    private static List<(HeldLeaf Leaf, Issuer Issuer)> Ours(News news) =>
        [.. from wanted in news.Wanted.All
            let held = news.Held.GetValueOrDefault(wanted.Secret)
            where held?.Leaf is not null && held.IsFrom(wanted.Issuer)
            select (held.Leaf, wanted.Issuer)];

    /// <summary>New ones are asked about within seconds, thousands within an hour.</summary>
    private void Follow(List<(HeldLeaf Leaf, Issuer Issuer)> ours)
    {
        var serials = ours.Select(one => one.Leaf.Serial).ToHashSet();
        foreach (var gone in asksAt.Keys.Where(serial => !serials.Contains(serial)).ToList())
        {
            asksAt.Remove(gone);
            known.TryRemove(gone, out _);
        }

        var start = Pace * ours.Count;
        foreach (var (leaf, _) in ours)
        {
            asksAt.TryAdd(leaf.Serial, time.GetUtcNow() + ((start < LongestStart ? start : LongestStart) * RenewalTime.Chance(leaf.Serial)));
        }
    }

    private DateTimeOffset AsksAt((HeldLeaf Leaf, Issuer Issuer) one) =>
        failing.TryGetValue(one.Issuer.Name, out var until) && until > asksAt[one.Leaf.Serial] ? until : asksAt[one.Leaf.Serial];

    private void Tell()
    {
        if (isNew && (told is not { } before || time.GetElapsedTime(before) >= Untold))
        {
            (isNew, told) = (false, time.GetTimestamp());
            board.Poke();
        }
    }

    private async Task AskAsync(Accounts accounts, HeldLeaf leaf, Issuer issuer, CancellationToken term)
    {
        try
        {
            using var certificate = X509CertificateLoader.LoadCertificate(leaf.Certificate.AsSpan());
            var window = await accounts.ClientOf(issuer).RenewalAsync(certificate, term);
            asksAt[leaf.Serial] = time.GetUtcNow() + (window?.AskAgain ?? WithoutAnswer);
            failing.Remove(issuer.Name);
            if (window is not null && (!known.TryGetValue(leaf.Serial, out var before) || before != window))
            {
                (known[leaf.Serial], isNew) = (window, true);
                Tell();
            }
        }
        catch (AcmeException failure)
        {
            asksAt[leaf.Serial] = time.GetUtcNow() + AfterFailure;
            if (failure.IsUnavailable)
            {
                failing[issuer.Name] = time.GetUtcNow() + TimeSpan.FromMinutes(1); // the others need not each find out by themselves
            }

            log.NoRenewalWindow(issuer.Name, failure.Message);
        }
    }
}
