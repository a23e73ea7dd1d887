using IngressController.App.Cli;
using IngressController.Certificates;
using IngressController.Certificates.Acme.Challenges;
using IngressController.Cluster;
using IngressController.Routing.Explaining;
using IngressController.Routing.Matching;

namespace IngressController.App.Dashboard.Api;

/// <summary>A request that somebody asks about; the command line and the running controller answer it alike.</summary>
internal sealed record ExplainQuestion(RequestUrl Url, string Method, IReadOnlyList<KeyValuePair<string, string>> Headers)
{
    /// <summary>The Host header.</summary>
    public string Host => Headers.Where(IsHost).Select(header => header.Value).LastOrDefault(Url.Host);

    public bool IsHttps => Url.Scheme == "https";

    /// <param name="problems">That stand, with what they come from.</param>
    /// <param name="challenges">Null: no certificates are obtained.</param>
    public Explanation Ask(ClusterSnapshot snapshot, ProblemList problems, CertificateStore certificates, ChallengeAnswers? challenges = null)
    {
        var explanation = Explainer.Explain(snapshot, problems.Translation, problems.All, Host, Url.Target, IsHttps);
        var shown = CertificateOf(explanation, certificates);
        explanation = explanation with
        {
            Problems = [.. explanation.Problems.Concat(shown?.Problems ?? []).Distinct()],
            Tls = explanation.Tls with { Awaited = [.. explanation.Tls.Certificates.Where(source => problems.Awaits(new(ResourceKind.Ingress, source.Ingress), source.Field)).Select(source => source.Secret)] },
        };
        return challenges is not null && IsChallenge(explanation) && challenges.KeyAuthorization(explanation.Host, AcmeChallenge.TokenOf(Url.Target).ToString()) is not null
            ? explanation with { Status = StatusCodes.Status200OK, Decision = "200: answered as a challenge of a certificate authority, before any rule, because an order for this host is pending" }
            : explanation;
    }

    /// <summary>For people.</summary>
    public string Text(Explanation explanation, CertificateStore certificates)
    {
        var text = ExplanationText.Write($"{Method} {Url.Scheme}://{Host}{Url.Target}", explanation, CertificateOf(explanation, certificates)?.Words);
        return Method == "GET" && Headers.All(IsHost) ? text : $"{text}\nOf the headers only Host decides in this version, and the method decides nothing.\n";
    }

    /// <summary>Null where the request has none to do with.</summary>
    public CertificateExplanation? CertificateOf(Explanation explanation, CertificateStore certificates) => IsHttps ? CertificateExplanation.Of(explanation, certificates) : null;

    private bool IsChallenge(Explanation explanation) =>
        (HttpMethods.IsGet(Method) || HttpMethods.IsHead(Method)) && AcmeChallenge.IsMeantBy(Url.Target) && !(IsHttps && explanation.Tls.IsPassedThrough);

    private static bool IsHost(KeyValuePair<string, string> header) => header.Key.Equals("Host", StringComparison.OrdinalIgnoreCase);
}
