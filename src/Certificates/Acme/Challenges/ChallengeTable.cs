using System.Collections.Frozen;
using IngressController.Certificates.Acme.Protocol;
using IngressController.Cluster;
using IngressController.Cluster.Resources;

namespace IngressController.Certificates.Acme.Challenges;

/// <summary>The answers that one state gives. Immutable.</summary>
internal sealed record ChallengeTable(FrozenDictionary<string, HostChallenges> Hosts, EquatableArray<Problem> Problems)
{
    public static ChallengeTable Empty { get; } = new(FrozenDictionary<string, HostChallenges>.Empty, []);

    public static ChallengeTable Of(Secret? secret, ChallengeTable before, TimeProvider time)
    {
        var state = AcmeState.Read(secret, out var problem);
        var problems = new List<Problem>();
        if (problem is not null)
        {
            problems.Add(problem);
        }

        var pending = from order in state.Orders
                      where order.Challenge is ChallengeKind.Http01 or ChallengeKind.TlsAlpn01
                      let account = AccountOf(order, state)
                      where account is not null
                      select (Order: order, Account: account);
        var accounts = pending.Select(item => item.Account).Distinct().ToDictionary(account => account, account => ThumbprintOf(account, secret!, problems));
        var hosts = from item in pending
                    let thumbprint = accounts[item.Account]
                    where thumbprint is not null
                    from host in item.Order.Hosts
                    group new PendingOrder(item.Order, thumbprint) by host into ofHost
                    select KeyValuePair.Create(ofHost.Key, Of(ofHost.Key, [.. ofHost], before.Hosts.GetValueOrDefault(ofHost.Key)?.Certificate, time));
        return new(hosts.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase), [.. problems]);
    }

    /// <summary>After a change of the issuer's directory there may be two accounts under its name: the one at the authority that has the order.</summary>
    private static AccountRecord? AccountOf(OrderRecord order, AcmeState state) => state.Accounts
        .Where(account => account.Issuer == order.Issuer)
        .MaxBy(account => account.Directory.Authority == order.Url?.Authority);

    private static string? ThumbprintOf(AccountRecord account, Secret secret, List<Problem> problems)
    {
        try
        {
            using var key = AccountKey.Read(account.Key);
            return key.Thumbprint;
        }
        catch (FormatException)
        {
            problems.Add(AcmeState.Unreadable(secret, $" (the key of the {account} is none)"));
            return null;
        }
    }

    /// <param name="shown">The certificate for the host so far: it stays as long as the same is asked for.</param>
    private static HostChallenges Of(string host, PendingOrder[] orders, ChallengeCertificate? shown, TimeProvider time)
    {
        var overHttp = orders.Where(item => item.Order.Challenge == ChallengeKind.Http01).ToList();
        var thumbprints = new Dictionary<string, string>(overHttp.SelectMany(item => item.TokensOf(host).Select(token => KeyValuePair.Create(token, item.Thumbprint))).DistinctBy(pair => pair.Key));
        string[] accounts = [.. overHttp.Select(item => item.Thumbprint).Distinct()];

        // A handshake says no more than the host, so there is one certificate: the oldest order's.
        var overTls = orders.Where(item => item.Order.Challenge == ChallengeKind.TlsAlpn01).OrderBy(item => item.Order.Began)
            .SelectMany(item => item.TokensOf(host).Select(token => $"{token}.{item.Thumbprint}")).FirstOrDefault();
        return new(
            thumbprints.ToFrozenDictionary(),
            accounts is [var only] ? only : null,
            overTls is null ? null : shown?.KeyAuthorization == overTls ? shown : new(host, overTls, time));
    }

    /// <param name="Thumbprint">Of the account's key.</param>
    private sealed record PendingOrder(OrderRecord Order, string Thumbprint)
    {
        public IEnumerable<string> TokensOf(string host) => Order.Tokens.Where(token => token.Host == host).Select(token => token.Token);
    }
}
