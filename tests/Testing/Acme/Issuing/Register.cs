using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using IngressController.Testing.Acme.Protocol;

namespace IngressController.Testing.Acme.Issuing;

/// <summary>All that the authority remembers. Guarded by its lock.</summary>
/// <param name="address">Of the authority, without a slash at its end.</param>
internal sealed class Register(AcmeRules rules, Func<string> address)
{
    public Lock Gate { get; } = new();

    public List<Account> Accounts { get; } = [];

    public List<OrderState> Orders { get; } = [];

    public List<AuthorizationState> Authorizations { get; } = [];

    public List<CertificateState> Certificates { get; } = [];

    public AcmeRules Rules => rules;

    public DateTimeOffset Now => rules.Time.GetUtcNow();

    public string Url(string path) => address() + path;

    public static string NewId() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(12));

    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <exception cref="AcmeRefusal">There is none, or it is another account's.</exception>
    public OrderState OrderOf(Account account, string id) => Owned(Orders.Find(order => order.Id == id), account, order => order.Account, "order");

    /// <inheritdoc cref="OrderOf"/>
    public AuthorizationState AuthorizationOf(Account account, string id) => Owned(Authorizations.Find(one => one.Id == id), account, one => one.Account, "authorization");

    /// <inheritdoc cref="OrderOf"/>
    public ChallengeState ChallengeOf(Account account, string id) =>
        Owned(Authorizations.SelectMany(one => one.Challenges).FirstOrDefault(one => one.Id == id), account, one => one.Authorization.Account, "challenge");

    /// <inheritdoc cref="OrderOf"/>
    public CertificateState CertificateOf(Account account, string id) => Owned(Certificates.Find(one => one.Id == id), account, one => one.Account, "certificate");

    /// <summary>RFC 8555 section 7.1.6: what has become of its authorizations.</summary>
    public OrderState Refreshed(OrderState order)
    {
        if (order.Status is "pending" or "ready" && (order.Expires <= Now || order.Authorizations.Any(one => one.Status is not ("pending" or "valid"))))
        {
            order.Status = "invalid";
            order.Error = order.Authorizations.SelectMany(one => one.Challenges).Select(one => one.Error).FirstOrDefault(error => error is not null)?.DeepClone().AsObject();
        }

        order.Status = order.Status == "pending" && order.Authorizations.All(one => one.Status == "valid") ? "ready" : order.Status;
        return order;
    }

    private static T Owned<T>(T? item, Account account, Func<T, Account> owner, string what)
        where T : class => item is null ? throw AcmeRefusal.NotFound(what) : owner(item) == account ? item : throw AcmeRefusal.Unauthorized($"the {what} is of another account");
}

internal sealed class Account(string id, JwsKey key)
{
    public string Id => id;

    public JwsKey Key { get; set; } = key;

    public string Status { get; set; } = "valid";

    public JsonArray Contact { get; set; } = [];
}

internal sealed class OrderState(string id, Account account, IReadOnlyList<string> hosts, IReadOnlyList<AuthorizationState> authorizations, DateTimeOffset expires)
{
    public string Id => id;

    public Account Account => account;

    public IReadOnlyList<string> Hosts => hosts;

    public IReadOnlyList<AuthorizationState> Authorizations => authorizations;

    public DateTimeOffset Expires => expires;

    public string Status { get; set; } = "pending";

    public JsonObject? Error { get; set; }

    public string? Profile { get; init; }

    public string? Replaces { get; init; }

    /// <summary>Before an order that is processed is valid.</summary>
    public int QuestionsLeft { get; set; }

    public PublicKey? Key { get; set; }

    public CertificateState? Certificate { get; set; }
}

internal sealed class AuthorizationState(string id, Account account, string host, bool isWildcard, DateTimeOffset expires)
{
    public string Id => id;

    public Account Account => account;

    public string Host => host;

    public bool IsWildcard => isWildcard;

    public DateTimeOffset Expires => expires;

    public string Status { get; set; } = "pending";

    public IReadOnlyList<ChallengeState> Challenges { get; set; } = [];
}

internal sealed class ChallengeState(string id, AuthorizationState authorization, string kind, string token)
{
    public string Id => id;

    public AuthorizationState Authorization => authorization;

    public string Kind => kind;

    public string Token => token;

    public string Status { get; set; } = "pending";

    public DateTimeOffset? Validated { get; set; }

    public JsonObject? Error { get; set; }
}

internal sealed class CertificateState(string id, Account account, X509Certificate2 leaf, OrderState order)
{
    public string Id => id;

    public Account Account => account;

    public X509Certificate2 Leaf => leaf;

    public OrderState Order => order;

    /// <summary>RFC 5280 section 5.3.1; null: it is not revoked.</summary>
    public int? Revoked { get; set; }
}
