using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using IngressController.Testing.Acme.Protocol;

namespace IngressController.Testing.Acme.Issuing;

/// <summary>RFC 8555 section 7.4.</summary>
internal sealed partial class OrderRequests(Register register, CertificateIssuer issuer)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    public AcmeReply Make(Account account, JwsMessage message)
    {
        var asked = message.Asked();
        var hosts = Hosts(asked);
        var profile = (string?)asked["profile"];
        if (profile is not null && !register.Rules.Profiles.ContainsKey(profile))
        {
            throw new AcmeRefusal(400, "invalidProfile", $"profile {profile} is not known");
        }

        if (asked.ContainsKey("notBefore") || asked.ContainsKey("notAfter"))
        {
            throw AcmeRefusal.Malformed("NotBefore and NotAfter are not supported");
        }

        var replaces = Replaced(account, (string?)asked["replaces"], hosts);
        if (register.Rules.ReusesOrders && register.Orders.Find(order => order.Account == account && register.Refreshed(order).Status is "pending" or "ready" && order.Hosts.Order().SequenceEqual(hosts.Order())) is { } open)
        {
            return Show(open, 201);
        }

        if (register.Rules.OrdersLeft-- <= 0)
        {
            register.Rules.OrdersLeft = 0;
            var wait = register.Rules.RateLimitRetryAfter.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
            throw new AcmeRefusal(429, "rateLimited", "") { Reply = AcmeReply.Problem(429, "rateLimited", "too many new orders (5) from this account in the last 3h0m0s").With("Retry-After", wait) };
        }

        var expires = register.Now + Lifetime;
        var made = new OrderState(Register.NewId(), account, hosts, [.. hosts.Select(host => Authorize(account, host, expires))], expires) { Profile = profile, Replaces = replaces };
        register.Orders.Add(made);
        return Show(made, 201);
    }

    public AcmeReply Find(Account account, string id)
    {
        var order = register.OrderOf(account, id);
        if (order.Status == "processing" && order.QuestionsLeft-- <= 0)
        {
            Issue(order);
        }

        return Show(order, 200);
    }

    public AcmeReply Finish(Account account, string id, JwsMessage message, IReadOnlySet<string> accountKeys)
    {
        var order = register.OrderOf(account, id);
        var csr = (string?)message.Asked()["csr"] ?? throw AcmeRefusal.Malformed("csr is missing");
        if (register.Refreshed(order).Status != "ready")
        {
            throw new AcmeRefusal(403, "orderNotReady", $"Order's status (\"{order.Status}\") is not acceptable for finalization");
        }

        order.Key = RequestedCertificate.Judge(JwsMessage.Decode(csr), order.Hosts, accountKeys);
        (order.Status, order.QuestionsLeft) = ("processing", register.Rules.ProcessingQuestions - 1);
        if (register.Rules.ProcessingQuestions == 0)
        {
            Issue(order);
        }

        return Show(order, 200);
    }

    private void Issue(OrderState order)
    {
        if (register.Rules.IssuanceRefusal is { } refusal)
        {
            order.Status = "invalid";
            order.Error = new JsonObject { ["type"] = "urn:ietf:params:acme:error:caa", ["detail"] = refusal, ["status"] = 403 };
            return;
        }

        var lifetime = order.Profile is { } profile ? register.Rules.Profiles[profile] : register.Rules.CertificateLifetime;
        order.Certificate = new(Register.NewId(), order.Account, issuer.Issue(order.Key!, order.Hosts, lifetime), order);
        register.Certificates.Add(order.Certificate);
        order.Status = "valid";
    }

    private AcmeReply Show(OrderState order, int status)
    {
        register.Refreshed(order);
        var shown = new JsonObject
        {
            ["status"] = order.Status,
            ["expires"] = Register.Text(order.Expires),
            ["identifiers"] = new JsonArray([.. order.Hosts.Select(host => new JsonObject { ["type"] = "dns", ["value"] = host })]),
            ["authorizations"] = new JsonArray([.. order.Authorizations.Select(one => (JsonNode)register.Url($"/authorization/{one.Id}"))]),
            ["finalize"] = register.Url($"/order/{order.Id}/finalize"),
        };
        _ = order.Certificate is { } certificate ? shown["certificate"] = register.Url($"/certificate/{certificate.Id}") : null;
        _ = order.Error is { } error ? shown["error"] = error.DeepClone() : null;
        var reply = AcmeReply.Json(status, shown).With("Location", register.Url($"/order/{order.Id}"));
        return order.Status == "processing" && register.Rules.ProcessingRetryAfter is { } wait ? reply.With("Retry-After", wait.TotalSeconds.ToString("0", CultureInfo.InvariantCulture)) : reply;
    }

    private AuthorizationState Authorize(Account account, string host, DateTimeOffset expires)
    {
        var isWildcard = host.StartsWith("*.", StringComparison.Ordinal);
        var name = isWildcard ? host[2..] : host;
        bool IsSame(AuthorizationState one) => one.Account == account && one.Host == name && one.IsWildcard == isWildcard && one.Status == "valid" && one.Expires > register.Now;
        if (register.Rules.ReusesAuthorizations && register.Authorizations.Find(IsSame) is { } valid)
        {
            return valid;
        }

        var made = new AuthorizationState(Register.NewId(), account, name, isWildcard, expires);
        var kinds = register.Rules.Challenges.Where(kind => !isWildcard || kind == "dns-01");
        made.Challenges = [.. kinds.Select(kind => new ChallengeState(Register.NewId(), made, kind, Register.NewId() + Register.NewId() + "-"))]; // tokens of a length that nobody could decode
        register.Authorizations.Add(made);
        return made;
    }

    private List<string> Hosts(JsonObject asked)
    {
        var identifiers = asked["identifiers"] as JsonArray is { Count: > 0 and <= 100 } list ? list : throw AcmeRefusal.Malformed("an order has 1 to 100 identifiers");
        var hosts = identifiers.Select(one => (string?)one?["type"] == "dns" ? (string?)one["value"] ?? "" : throw new AcmeRefusal(400, "unsupportedIdentifier", "only dns is supported")).ToList();
        if (hosts.Count != hosts.Distinct().Count())
        {
            throw AcmeRefusal.Malformed("an identifier is there twice");
        }

        var refused = hosts.Where(host => !Name().IsMatch(host) || IPAddress.TryParse(host, out _) || host.Length > 253 || register.Rules.RefusedHosts.Contains(host)).ToList();
        return refused.Count == 0 ? hosts : throw new AcmeRefusal(400, "rejectedIdentifier", $"Cannot issue for \"{refused[0]}\" (and {refused.Count - 1} more problems)", [.. refused.Select(Rejected)]);
    }

    private static JsonObject Rejected(string host) => new()
    {
        ["type"] = "urn:ietf:params:acme:error:rejectedIdentifier",
        ["detail"] = "The ACME server refuses to issue a certificate for this domain name, because it is forbidden by policy",
        ["identifier"] = new JsonObject { ["type"] = "dns", ["value"] = host },
    };

    /// <summary>RFC 9773 section 5.</summary>
    private string? Replaced(Account account, string? id, List<string> hosts)
    {
        if (id is null || !register.Rules.OffersRenewalInfo)
        {
            return null;
        }

        var certificate = register.Certificates.Find(one => CertificateRequests.IdOf(one.Leaf) == id) ?? throw AcmeRefusal.NotFound("certificate to replace");
        return certificate.Account != account ? throw AcmeRefusal.Unauthorized("the certificate to replace is of another account")
            : !certificate.Order.Hosts.Intersect(hosts).Any() ? throw AcmeRefusal.Malformed("the certificate to replace shares no identifier with the order")
            : register.Orders.Exists(order => order.Replaces == id && register.Refreshed(order).Status != "invalid") ? throw new AcmeRefusal(409, "alreadyReplaced", "the certificate was replaced already")
            : id;
    }

    [GeneratedRegex(@"\A(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])\z")]
    private static partial Regex Name();
}
