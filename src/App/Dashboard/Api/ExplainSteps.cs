using IngressController.Routing.Explaining;
using IngressController.Routing.Matching;
using IngressController.Routing.Model;

namespace IngressController.App.Dashboard.Api;

/// <summary>The way of a request as a drawing needs it: the same steps for each, also those that it does not come to.</summary>
internal static class ExplainSteps
{
    /// <param name="shown">The certificate that clients are shown; null where the request has none to do with.</param>
    public static IReadOnlyList<ExplainStep> Of(Explanation explanation, bool isHttps, string? shown)
    {
        var isPassedThrough = isHttps && explanation.Tls.IsPassedThrough;
        var steps = new List<ExplainStep>();
        if (isPassedThrough)
        {
            steps.Add(new("passthrough", explanation.Tls.Passthrough!.Backend is null ? Verdict.Refused : Verdict.Matched, explanation.Decision, []));
        }

        var isChallenge = explanation.Status == StatusCodes.Status200OK;
        if (isChallenge)
        {
            steps.Add(new("challenge", Verdict.Matched, explanation.Decision, []));
        }

        ExplainStep[] way = [Target(explanation), Host(explanation), Path(explanation), Https(explanation, isHttps, shown), ClientCertificate(explanation, isHttps), Backend(explanation)];
        foreach (var step in way)
        {
            var isOver = isPassedThrough || isChallenge || steps.Any(earlier => earlier.Verdict == Verdict.Refused);
            steps.Add(isOver ? step with { Verdict = Verdict.Skipped, Text = "the request does not come here" } : step);
        }

        return steps;
    }

    private static ExplainStep Target(Explanation explanation) => explanation.Verdict == TargetVerdict.Matched
        ? new("target", Verdict.Passed, $"the path is compared as {explanation.Path}", [])
        : new("target", Verdict.Refused, explanation.Decision, []);

    private static ExplainStep Host(Explanation explanation)
    {
        var candidates = explanation.Hosts.Select(host => new ExplainCandidate(
            host.Host.ToString(),
            [.. host.Ingresses.Select(ingress => ingress.ToString())],
            host.IsChosen,
            !host.Exists ? "no Ingress of ours declares it" : host.IsChosen ? "the first that is declared" : "not asked, an earlier one decides")).ToList();
        candidates.AddRange(explanation.PassedOver.Select(ingress => new ExplainCandidate(explanation.Host, [ingress.Ingress.ToString()], false, $"is not served: {ingress.Why}")));
        return candidates.FirstOrDefault(candidate => candidate.Chosen) is { } chosen
            ? new("host", Verdict.Matched, chosen.Name == "*" ? "rules without a host decide" : $"host {chosen.Name} decides", candidates)
            : new("host", Verdict.Passed, "no rule names this host, and there is no rule without a host", candidates);
    }

    private static ExplainStep Path(Explanation explanation)
    {
        var candidates = explanation.Routes.Select(candidate => new ExplainCandidate(
            candidate.Route.Path.ToString(),
            candidate.Route.Ingress is { } ingress ? [ingress.ToString()] : [],
            candidate.IsChosen,
            candidate.Why)).ToList();
        return (explanation.Kind, explanation.Chosen) switch
        {
            (MatchKind.Path, { } route) => new("path", Verdict.Matched, $"{route.Path} of {route.Ingress}, {route.Field}", candidates),
            (MatchKind.HostDefault, { } route) => new("path", Verdict.Matched, $"the default backend of that host, of {route.Ingress}", candidates),
            (MatchKind.CatchAll, { } route) => new("path", Verdict.Matched, $"the default backend of the whole controller, {route.Ingress?.ToString() ?? route.Field}", candidates),
            _ => new("path", Verdict.Refused, explanation.Decision, candidates),
        };
    }

    private static ExplainStep Https(Explanation explanation, bool isHttps, string? shown) =>
        isHttps ? new("https", Verdict.Passed, shown is null ? "the client speaks TLS" : $"the client speaks TLS, and is shown {shown}", Certificates(explanation.Tls))
        : explanation.Tls.IsRedirected ? new("https", Verdict.Refused, "308: redirected to https", Certificates(explanation.Tls))
        : new("https", Verdict.Passed, "requests in cleartext are served", Certificates(explanation.Tls));

    private static List<ExplainCandidate> Certificates(TlsExplanation tls) => [.. tls.Certificates.Select((source, index) => new ExplainCandidate(
        source.Secret.ToString(),
        [source.Ingress.ToString()],
        index == 0,
        tls.WhyMissing(source.Secret) is { } why ? $"{source.Field}; the Secret {why}" : source.IfCovering ? $"{source.Field}, if it is for this host" : source.Field))];

    private static ExplainStep ClientCertificate(Explanation explanation, bool isHttps) => explanation.Tls.Clients switch
    {
        null => new("client certificate", Verdict.Passed, "clients are not asked for certificates", []),
        { Refusal: { } refusal } => new("client certificate", Verdict.Refused, $"503: whom to trust in client certificates cannot be read ({refusal})", []),
        { Use: ClientCertificateUse.Required } when !isHttps => new("client certificate", Verdict.Refused, explanation.Decision, []),
        { Secret: var secret } clients => new("client certificate", Verdict.Passed, $"clients show certificates ({clients.Use}) that Secret {secret} vouches for", []),
    };

    private static ExplainStep Backend(Explanation explanation)
    {
        if (explanation.Chosen is not { } route)
        {
            return new("backend", Verdict.Skipped, "no route answers", []);
        }

        if (route.Refusal is { } refusal)
        {
            return new("backend", Verdict.Refused, $"503: the route is refused ({refusal})", []);
        }

        return explanation.Backend switch
        {
            { Trouble: { } trouble } => new("backend", Verdict.Refused, $"503: {trouble.Message}", []),
            { } backend => new("backend", Verdict.Matched, $"Service {backend.Key}, {backend.Protocol}", Destinations(backend)),
            _ => new("backend", Verdict.Refused, explanation.Decision, []),
        };
    }

    private static List<ExplainCandidate> Destinations(Backend backend) =>
        [.. backend.Destinations.Select(destination => new ExplainCandidate(destination.ToString(), [], true, "takes its turn"))];
}
