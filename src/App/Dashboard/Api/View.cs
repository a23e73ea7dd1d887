using System.ComponentModel;
using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Routing.Explaining;
using IngressController.Routing.Matching;
using IngressController.Routing.Model;
using IngressController.Routing.Translation;

namespace IngressController.App.Dashboard.Api;

/// <summary>What somebody can narrow a list to, without knowing it by heart.</summary>
internal sealed record Choices(
    [property: Description("Of the backends and of the Ingresses that declare hosts")] IReadOnlyList<string> Namespaces,
    [property: Description("Of the Ingresses that declare hosts")] IReadOnlyList<string> Classes);

/// <summary>One configuration, as it is looked at: what is sorted or counted is so once.</summary>
internal sealed class View
{
    private readonly Lazy<HostName[]> hosts;
    private readonly Lazy<Problem[]> problems;
    private readonly Lazy<ILookup<NamespacedName, Problem>> byIngress;
    private readonly Lazy<ILookup<NamespacedName, Problem>> byCertificate;
    private readonly Lazy<TlsHosts> tls;
    private readonly Lazy<Counts> counts;
    private readonly Lazy<Choices> choices;

    public View(Standing.State state)
    {
        State = state;
        Model = state.Translation?.Model ?? RoutingModel.Empty;
        hosts = new(() => [.. Model.Hosts.Keys.Order()]);
        problems = new(() => [.. (state.Problems?.All ?? []).Order()]);
        byIngress = new(() => problems.Value.Where(problem => problem.Object is { Kind: ResourceKind.Ingress }).ToLookup(problem => problem.Object!.Value.Name));
        byCertificate = new(() => problems.Value.Where(problem => problem.Certificate is not null).ToLookup(problem => problem.Certificate!.Value));
        tls = new(() => TlsHosts.None.With([.. Model.Tls.Keys], Model));
        counts = new(Count);
        choices = new(Choose);
    }

    public Standing.State State { get; }

    public RoutingModel Model { get; }

    /// <summary>In the order of their names.</summary>
    public IReadOnlyList<HostName> Hosts => hosts.Value;

    /// <summary>In their one order.</summary>
    public IReadOnlyList<Problem> Problems => problems.Value;

    public Counts Counts => counts.Value;

    public Choices Choices => choices.Value;

    /// <summary>Those of the Ingresses that declare the host, but for those that are about another host.</summary>
    public IEnumerable<Problem> ProblemsOf(HostRoutes host) =>
        from ingress in (IEnumerable<NamespacedName>)host.Ingresses
        from problem in byIngress.Value[ingress]
        where ProblemHosts.IsAbout(problem, host.Host, State.Snapshot)
        select problem;

    /// <summary>Those about the certificate of a Secret, whoever names it.</summary>
    public IEnumerable<Problem> ProblemsOf(NamespacedName certificate) => byCertificate.Value[certificate];

    /// <summary>As an Ingress says it; empty where it says none.</summary>
    public string ClassOf(NamespacedName ingress) =>
        State.Snapshot.Ingresses.GetValueOrDefault(ingress) is not { } found ? ""
        : found.ClassName is { Length: > 0 } name ? name
        : found.Metadata.Annotations.GetValueOrDefault(ClassSelection.LegacyAnnotation) ?? "";

    /// <summary>Where the TLS of requests to a declared host ends.</summary>
    public TlsKind TlsOf(HostName host) =>
        Model.Tls.GetValueOrDefault(host)?.Passthrough is not null ? TlsKind.Passthrough
        : tls.Value.Ask(host.Text) ? TlsKind.Terminated
        : TlsKind.None;

    /// <summary>Whose rules answer requests to a name that no rule names; null where there are none.</summary>
    public HostName? InsteadOf(HostName host) =>
        host.Wildcard is { } wildcard && Model.Hosts.ContainsKey(wildcard) ? wildcard : Model.Hosts.ContainsKey(HostName.Any) ? HostName.Any : null;

    private Choices Choose()
    {
        var ingresses = Model.Hosts.Values.SelectMany(host => host.Ingresses).ToHashSet();
        return new(
            [.. ingresses.Select(ingress => ingress.Namespace).Concat(Model.Backends.Keys.Select(backend => backend.Service.Namespace)).Distinct().Order(StringComparer.Ordinal)],
            [.. ingresses.Select(ClassOf).Where(name => name.Length > 0).Distinct().Order(StringComparer.Ordinal)]);
    }

    private Counts Count() => new(
        State.Translation?.Ingresses.Count() ?? 0,
        Model.Hosts.Count,
        Model.Hosts.Values.Sum(host => host.Routes.Count + (host.Default is null ? 0 : 1)) + (Model.CatchAll is null ? 0 : 1),
        Model.Backends.Count,
        Model.Backends.Values.Sum(backend => backend.Destinations.Count),
        Model.Certificates.Count);
}

/// <summary>The view of what stands now. Nobody holds it but who looks: between two looks the garbage collector may take it.</summary>
internal sealed class Views(Standing standing)
{
    private readonly WeakReference<View?> last = new(null);

    public View Now
    {
        get
        {
            var state = standing.Now;
            if (last.TryGetTarget(out var view) && ReferenceEquals(view.State, state))
            {
                return view;
            }

            view = new(state);
            last.SetTarget(view);
            return view;
        }
    }
}
