using System.Buffers;
using System.Collections.Frozen;
using System.Collections.Immutable;
using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Routing.Annotations;
using IngressController.Routing.Matching;
using IngressController.Routing.Model;

namespace IngressController.Routing.Translation;

/// <summary>Reads one Ingress. Objects that no longer pass the API server's validation may still be stored, so nothing is taken for granted.</summary>
internal sealed class IngressTranslator
{
    private static readonly SearchValues<char> PatternCharacters = SearchValues.Create("*()[]^$|\\+?{}");

    private readonly Ingress ingress;
    private readonly List<Problem> problems = [];
    private readonly IngressPolicies policies;
    private readonly HashSet<BackendKey> backends = [];
    private bool hasPatterns;

    private IngressTranslator(Ingress ingress, TranslationOptions options)
    {
        this.ingress = ingress;
        policies = IngressPolicies.Read(ingress, options, problems);
    }

    public static IngressTranslation Translate(Ingress ingress, TranslationOptions options) => new IngressTranslator(ingress, options).Translate();

    private IngressTranslation Translate()
    {
        var hosts = policies.IsCanary ? [] : TranslateRules();
        var @default = ingress.DefaultBackend is { } backend && !policies.IsCanary
            ? MakeRoute("spec.defaultBackend", HostName.Any, new(PathKind.Prefix, "/"), backend)
            : null;
        return new(
            new(ingress.Metadata.CreationTimestamp, ingress.Metadata.Name),
            hosts.ToFrozenDictionary(host => host.Key, host => host.Value.ToImmutableArray()),
            @default,
            policies.IsCanary ? FrozenDictionary<HostName, HostTls>.Empty : IngressTlsTranslator.Translate(ingress, policies, hosts, problems),
            IsRefused: policies.Refusal is not null,
            HasPatterns: policies.UsesRegex || hasPatterns,
            IsCatchAll: ingress.Rules.IsEmpty,
            [.. problems]);
    }

    private Dictionary<HostName, List<Route>> TranslateRules()
    {
        var hosts = new Dictionary<HostName, List<Route>>();
        for (var index = 0; index < ingress.Rules.Count; index++)
        {
            var rule = ingress.Rules[index];
            if (!HostName.TryParse(rule.Host, out var host))
            {
                Report(
                    ProblemCode.HostInvalid, $"spec.rules[{index}].host", $"{rule.Host} is not a DNS name or a wildcard *.name, so the rule is passed over",
                    "Write a lower-case name without port; an IDN in its xn-- form");
                continue;
            }

            if (!hosts.TryGetValue(host, out var routes))
            {
                hosts[host] = routes = [];
            }

            AddRoutes(routes, rule, index, host);
        }

        return hosts;
    }

    private void AddRoutes(List<Route> routes, IngressRule rule, int ruleIndex, HostName host)
    {
        for (var index = 0; index < rule.Paths.Count; index++)
        {
            var path = rule.Paths[index];
            var field = SharedText.Of($"spec.rules[{ruleIndex}].http.paths[{index}]");
            if (TryReadPattern(path, field, out var pattern))
            {
                routes.Add(MakeRoute(field, host, pattern, path.Backend));
            }
        }
    }

    private bool TryReadPattern(IngressPath path, string field, out PathPattern pattern)
    {
        var text = path.Path ?? "";
        if (text.Length == 0 && path.PathType is null or PathType.ImplementationSpecific)
        {
            text = "/";
        }

        if (!text.StartsWith('/'))
        {
            pattern = default;
            Report(ProblemCode.PathInvalid, $"{field}.path", $"the path \"{text}\" does not begin with a slash, so it can match nothing", "Write an absolute path");
            return false;
        }

        if (text.AsSpan().ContainsAny(PatternCharacters))
        {
            hasPatterns = true;
            Report(
                ProblemCode.PathTakenLiterally, $"{field}.path",
                $"the path {text} looks like a pattern and is taken literally, so requests that the pattern means are not served by it",
                "Write a plain path; a Prefix path covers everything below it",
                policies.UsesRegex || path.PathType is not PathType.Exact ? Severity.Error : Severity.Warning);
        }

        var kind = path.PathType == PathType.Exact ? PathKind.Exact : PathKind.Prefix;
        pattern = new(kind, SharedText.Of(RequestPath.NormalizeRule(text)));
        return true;
    }

    private Route MakeRoute(string field, HostName host, PathPattern pattern, IngressBackend? backend)
    {
        if (policies.Refusal is { } refusal)
        {
            return new(ingress.Metadata.Name, field, host, pattern, null, refusal, policies.Routes);
        }

        if (backend?.Service is { } service && (service.Port.Name is not null || service.Port != PortReference.First))
        {
            var key = Shared(new(new(ingress.Metadata.Name.Namespace, service.Name), service.Port, policies.Upstream));
            return new(ingress.Metadata.Name, field, host, pattern, key, null, policies.Routes);
        }

        var code = backend?.Resource is null ? ProblemCode.BackendInvalid : ProblemCode.ResourceBackend;
        Report(
            code,
            field.EndsWith("defaultBackend", StringComparison.Ordinal) ? field : $"{field}.backend",
            backend?.Resource is { } resource
                ? $"the backend is a {resource.Kind} {resource.Name}, and only Services can be served; the path answers 503"
                : "the backend names no Service with a port; the path answers 503",
            "Name a Service and one of its ports");
        return new(ingress.Metadata.Name, field, host, pattern, null, code, policies.Routes);
    }

    /// <summary>The hosts of an Ingress mostly have the same backends; each key is kept once.</summary>
    private BackendKey Shared(BackendKey key) => backends.Add(key) || !backends.TryGetValue(key, out var same) ? key : same;

    private void Report(ProblemCode code, string field, string message, string cure, Severity severity = Severity.Error) =>
        problems.Add(new(code, severity, ingress.Key, field, message, cure));
}
