using IngressController.Cluster;

namespace IngressController.Certificates.Acme.Protocol;

/// <summary>Reads orders, authorizations and challenges. What they lack or have wrong is an <see cref="AcmeException"/>.</summary>
internal static class AcmeObjects
{
    public static Order Order(Answer answer, Uri url)
    {
        var fields = answer.Fields();
        var order = new Order(
            url,
            fields.Choice<OrderStatus>("status"),
            fields.Objects("identifiers").Select(identifier => Host(answer, identifier)).ToEquatableArray(),
            fields.TimeOrNull("expires"),
            fields.Urls("authorizations"),
            fields.Url("finalize"),
            fields.UrlOrNull("certificate"),
            fields.Problem("error"));
        return order is { Status: OrderStatus.Valid, Certificate: null } ? throw answer.Strange("certificate is missing, though the order is valid")
            : order.Hosts.IsEmpty || order.Authorizations.IsEmpty ? throw answer.Strange("the order has no identifiers or no authorizations")
            : order;
    }

    public static Authorization Authorization(Answer answer)
    {
        var fields = answer.Fields();
        var host = Host(answer, fields.Object("identifier"));
        var isWildcard = fields.Flag("wildcard");
        return host.StartsWith("*.", StringComparison.Ordinal)
            ? throw answer.Strange("identifier is a wildcard, which only the field wildcard may say")
            : new(
                answer.Asked,
                host,
                isWildcard,
                fields.Choice<AuthorizationStatus>("status"),
                fields.TimeOrNull("expires"),
                fields.Objects("challenges").Select(challenge => ReadChallenge(answer, challenge)).ToEquatableArray());
    }

    public static Challenge Challenge(Answer answer) => ReadChallenge(answer, answer.Fields());

    private static Challenge ReadChallenge(Answer answer, AnswerFields fields)
    {
        ChallengeKind? kind = fields.Text("type") switch
        {
            "http-01" => ChallengeKind.Http01,
            "tls-alpn-01" => ChallengeKind.TlsAlpn01,
            "dns-01" => ChallengeKind.Dns01,
            _ => null,
        };
        var token = kind is null ? fields.TextOrNull("token") ?? "" : fields.Text("token");
        return kind is null || IsToken(token)
            ? new(fields.Url("url"), kind, token, fields.Choice<ChallengeStatus>("status"), fields.Problem("error"))
            : throw answer.Strange($"token is {OneLine.Of(token)}, which is no token");
    }

    /// <summary>It becomes part of a path and of a page.</summary>
    private static bool IsToken(string token) => token.Length is > 0 and <= 512 && Jws.IsBase64Url(token);

    private static string Host(Answer answer, AnswerFields identifier) => identifier.Text("type") == "dns"
        ? identifier.Text("value").ToLowerInvariant()
        : throw answer.Strange($"an identifier is of the type {OneLine.Of(identifier.Text("type"))}");
}
