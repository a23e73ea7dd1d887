using IngressController.Cluster;
using IngressController.Routing.Matching;
using IngressController.Routing.Model;
using IngressController.Routing.Translation;

namespace IngressController.Routing.Explaining;

/// <summary>Finds the decision by the route table, as the proxy does, and tells how it came about.</summary>
public static class Explainer
{
    /// <param name="problems">All that stand; those that say something about the request are picked out.</param>
    /// <param name="host">As in the Host header.</param>
    /// <param name="target">As in the request line: path and query.</param>
    /// <param name="isHttps">The client speaks TLS.</param>
    public static Explanation Explain(ClusterSnapshot snapshot, Translation.Translation translation, IEnumerable<Problem> problems, string host, string target, bool isHttps = false)
    {
        var model = translation.Model;
        var name = RequestHost.Normalize(host).ToString();
        var path = NormalPath(target);
        var hosts = HostCandidates(model, name).ToEquatableArray();
        var table = RouteTable<Route>.Create().With(new(model, [.. hosts.Select(candidate => candidate.Host)], []), static route => route); // no other host can answer
        var verdict = table.Match(host, target, out var match);
        var chosenHost = ((IEnumerable<HostCandidate>)hosts).FirstOrDefault(candidate => candidate.IsChosen);
        var routes = verdict == TargetVerdict.Matched && chosenHost is not null
            ? RouteCandidates(model.Hosts[chosenHost.Host], path, match.Route).ToEquatableArray()
            : [];
        var backend = match.Route?.Backend is { } key ? model.Backends.GetValueOrDefault(key) : null;
        var tls = TlsExplanation.Of(
            model, hosts.Select(candidate => candidate.Host), chosenHost?.Host, match.Route?.Policies ?? RoutePolicies.Of(translation.Options), target);
        var concerned = Concerned.By(name, hosts, tls, snapshot, translation, problems);
        var (status, decision) = Decide(verdict, match, backend, chosenHost, concerned.PassedOver);
        if (verdict == TargetVerdict.Matched && tls.Decide(isHttps) is { } before)
        {
            (status, decision) = before;
        }

        return new(name, path, verdict, hosts, routes, match.Kind, match.Route, backend, tls, status, decision, concerned.Problems, concerned.PassedOver);
    }

    private static string NormalPath(string target)
    {
        var path = RequestPath.OriginForm(target);
        var end = path.IndexOf('?');
        path = end < 0 ? path : path[..end];
        return RequestPath.NormalizeRule(path.ToString());
    }

    private static IEnumerable<HostCandidate> HostCandidates(RoutingModel model, string host)
    {
        var names = new List<string> { host };
        if (host.IndexOf('.') is var dot and > 0)
        {
            names.Add("*" + host[dot..]);
        }

        names.Add("");
        var isChosen = false;
        foreach (var name in names.Distinct())
        {
            if (!HostName.TryParse(name, out var candidate))
            {
                continue; // an IP address, for example: no rule can name it
            }

            var routes = model.Hosts.GetValueOrDefault(candidate);
            yield return new(candidate, routes is not null, routes is not null && !isChosen, routes?.Ingresses ?? []);
            isChosen |= routes is not null;
        }
    }

    private static IEnumerable<RouteCandidate> RouteCandidates(HostRoutes host, string path, Route? chosen)
    {
        Route? winner = null;
        foreach (var route in host.Routes.AsSpan().ToArray())
        {
            var matches = route.Path.Matches(path);
            var why = (matches, winner) switch
            {
                (false, _) => WhyNot(route.Path, path),
                (true, null) => "matches, and nothing before it does",
                (true, { } first) => $"matches too, but {first.Path} goes first: {WhyFirst(first.Path, route.Path)}",
            };
            winner ??= matches ? route : null;
            yield return new(route, ReferenceEquals(route, chosen), why);
        }
    }

    private static string WhyNot(PathPattern pattern, string path) =>
        pattern.Kind == PathKind.Exact
            ? path.TrimEnd('/') == pattern.Text.TrimEnd('/') ? "does not match: an Exact path must be equal to the last slash"
                : path.Equals(pattern.Text, StringComparison.OrdinalIgnoreCase) ? "does not match: letters differ in case" : "does not match"
        : path.StartsWith(pattern.Prefix, StringComparison.Ordinal) ? "does not match: a Prefix covers whole elements only"
        : path.StartsWith(pattern.Prefix, StringComparison.OrdinalIgnoreCase) ? "does not match: letters differ in case"
        : "does not match";

    private static string WhyFirst(PathPattern first, PathPattern second) =>
        first.ElementCount != second.ElementCount ? "it has more elements"
        : first.Kind != second.Kind ? "Exact goes before Prefix"
        : "it is longer";

    private static (int? Status, string Decision) Decide(TargetVerdict verdict, RouteMatch<Route> match, Backend? backend, HostCandidate? host, EquatableArray<PassedOver> passedOver)
    {
        switch (verdict)
        {
            case TargetVerdict.Malformed:
                return (400, "400: the path has no normal form (a broken percent-encoding, a fragment, or dot segments that climb above the root)");
            case TargetVerdict.Ambiguous:
                return (400, "400: servers may read this path in two ways, and the two ways lead to different routes");
            case TargetVerdict.NoPath:
                return (400, "400: the request target has no path");
        }

        if (match.Route is not { } route)
        {
            var missing = host is null
                ? "no rule names this host, there is no rule without a host, and there is no default backend"
                : $"host {host.Host} has no path that matches, and there is no default backend";
            var others = passedOver.Count > 1 ? $" ({passedOver.Count - 1} more {(passedOver.Count == 2 ? "is" : "are")} not served)" : "";
            return (404, $"404: {missing}{(passedOver is [var (ingress, why), ..] ? $"; Ingress {ingress} could answer and is not served: {why}{others}" : "")}");
        }

        var from = route.Ingress is { } owner ? $"Ingress {owner}, {route.Field}" : "--default-backend-service";
        return route.Refusal is { } refusal ? (503, $"503: {from} is refused ({refusal})")
            : backend?.Trouble is { } trouble ? (503, $"503: {from}: {trouble.Message}")
            : (null, $"forwarded by {from} to Service {route.Backend}");
    }
}
