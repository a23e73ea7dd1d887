using IngressController.App.Cli;
using IngressController.Certificates;
using IngressController.Certificates.Acme.Challenges;
using IngressController.Cluster;
using IngressController.Routing.Explaining;
using IngressController.Routing.Matching;
using IngressController.Routing.Translation;

namespace IngressController.App.Dashboard.Api;

/// <summary>A request that somebody asks about; the command line and the running controller answer it alike.</summary>
internal sealed record ExplainQuestion(RequestUrl Url, string Method, IReadOnlyList<KeyValuePair<string, string>> Headers)
{
    /// <summary>The Host header.</summary>
    public string Host => Headers.Where(IsHost).Select(header => header.Value).LastOrDefault(Url.Host);

    public bool IsHttps => Url.Scheme == "https";

    /// <param name="challenges">Null: no certificates are obtained.</param>
    public Explanation Ask(ClusterSnapshot snapshot, Translation translation, ChallengeAnswers? challenges = null)
    {
        var explanation = Explainer.Explain(snapshot, translation, Host, Url.Target, IsHttps);
        return challenges is not null && IsChallenge(explanation) && challenges.KeyAuthorization(explanation.Host, AcmeChallenge.TokenOf(Url.Target).ToString()) is not null
            ? explanation with { Status = StatusCodes.Status200OK, Decision = "200: answered as a challenge of a certificate authority, before any rule, because an order for this host is pending" }
            : explanation;
    }

    /// <summary>For people.</summary>
    public string Text(Explanation explanation, CertificateStore certificates)
    {
        var certificate = IsHttps ? CertificateExplanation.Of(explanation, certificates) : null;
        var text = ExplanationText.Write($"{Method} {Url.Scheme}://{Host}{Url.Target}", explanation, certificate);
        return Method == "GET" && Headers.All(IsHost) ? text : $"{text}\nOf the headers only Host decides in this version, and the method decides nothing.\n";
    }

    private bool IsChallenge(Explanation explanation) =>
        (HttpMethods.IsGet(Method) || HttpMethods.IsHead(Method)) && AcmeChallenge.IsMeantBy(Url.Target) && !(IsHttps && explanation.Tls.IsPassedThrough);

    private static bool IsHost(KeyValuePair<string, string> header) => header.Key.Equals("Host", StringComparison.OrdinalIgnoreCase);
}
