using IngressController.Certificates.Acme;
using IngressController.Certificates.Acme.Protocol;
using IngressController.Testing;
using IngressController.Testing.Acme;

namespace IngressController.EndToEnd.Acme;

/// <summary>A client and the authority that it talks to.</summary>
internal sealed class AcmeWorld : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(80);

    private AcmeWorld(FakeAcme authority, AcmeClient client) => (Authority, Client) = (authority, client);

    public FakeAcme Authority { get; }

    public AcmeRules Rules => Authority.Rules;

    public AcmeClient Client { get; }

    public AccountKey Key { get; } = AccountKey.Create();

    /// <param name="change">Of the issuer.</param>
    /// <param name="clientTime">Null: the system's.</param>
    public static async Task<AcmeWorld> StartAsync(AcmeRules? rules = null, Func<Issuer, Issuer>? change = null, TimeProvider? clientTime = null)
    {
        var authority = await FakeAcme.StartAsync(rules ?? new() { SkipsValidation = true });
        var issuer = new Issuer("fake", authority.Directory) { CaBundle = authority.CaBundle, Email = "ops@shop.example" };
        return new(authority, new(change?.Invoke(issuer) ?? issuer, clientTime ?? TimeProvider.System));
    }

    public async Task<AcmeAccount> RegisterAsync() => Client.Use(Key, await Client.RegisterAsync(Key, onlyExisting: false, default).InTime());

    /// <summary>An order whose hosts are proven.</summary>
    public static async Task<Order> ReadyAsync(AcmeAccount account, params string[] hosts)
    {
        var order = await account.OrderAsync(hosts, null, default).InTime();
        foreach (var place in order.Authorizations.AsEnumerable())
        {
            await ProveAsync(account, place, ChallengeKind.Http01);
        }

        return await account.PollOrderAsync(order.Url, polled => polled.Status != OrderStatus.Pending, Patience, default).InTime();
    }

    public static async Task<Authorization> ProveAsync(AcmeAccount account, Uri place, ChallengeKind kind)
    {
        var authorization = await account.GetAuthorizationAsync(place, default).InTime();
        if (authorization.Status == AuthorizationStatus.Pending)
        {
            await account.AnswerAsync(authorization.Challenges.Single(challenge => challenge.Kind == kind), default).InTime();
        }

        return await account.PollAuthorizationAsync(place, polled => polled.Status != AuthorizationStatus.Pending, Patience, default).InTime();
    }

    public static async Task<IssuedCertificate> FinishAsync(AcmeAccount account, Order ready, CertificateKey key)
    {
        var order = await account.FinalizeAsync(ready, key, default).InTime();
        order = await account.PollOrderAsync(order.Url, polled => polled.Status is not OrderStatus.Processing, Patience, default).InTime();
        return await account.DownloadAsync(order, key, default).InTime();
    }

    public static async Task<IssuedCertificate> IssueAsync(AcmeAccount account, CertificateKey key, params string[] hosts) =>
        await FinishAsync(account, await ReadyAsync(account, hosts), key);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Key.Dispose();
        await Authority.DisposeAsync();
    }
}
