using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Routing.Matching;
using IngressController.Routing.Model;
using IngressController.Routing.Translation;

namespace IngressController.Testing;

/// <summary>The store, the translation and the table, fed as the control loop feeds them.</summary>
public sealed class RoutingRoom(TranslationOptions? options = null)
{
    private readonly ClusterStore store = new();

    public Translation Translation { get; private set; } = Translation.Start(options ?? new());

    public RouteTable<Route> Table { get; private set; } = RouteTable<Route>.Create();

    public ClusterSnapshot Snapshot => store.Current;

    public RoutingChange LastChange { get; private set; } = new(RoutingModel.Empty, [], []);

    /// <summary>A room with our class and these objects in it.</summary>
    public static RoutingRoom With(params IEnumerable<IResource> resources) => With(new TranslationOptions(), resources);

    public static RoutingRoom With(TranslationOptions options, params IEnumerable<IResource> resources)
    {
        var room = new RoutingRoom(options);
        room.Apply(Make.Changes([Make.IngressClass(), .. resources]));
        return room;
    }

    public void Apply(params IEnumerable<IResource> resources) => Apply(Make.Changes(resources));

    public void Delete(params IEnumerable<IResource> resources) => Apply(resources.Select(resource => new ResourceChange(resource.Key, null)));

    public void Apply(IEnumerable<ResourceChange> changes)
    {
        var step = Translation.Next(store.Apply(changes));
        Translation = step.Translation;
        LastChange = step.Change;
        Table = Table.With(step.Change, static route => route);
    }

    /// <summary>Where a request goes: <c>ingress service:port</c>, the refusal's code, or <c>404</c> and <c>400</c>.</summary>
    public string Answer(string host, string target) => Table.Match(host, target, out var match) switch
    {
        TargetVerdict.Matched when match.Route is { } route => route.Backend is { } backend
            ? $"{route.Ingress?.Name ?? "flag"} {backend.Service.Name}:{backend.Port}"
            : $"{route.Ingress?.Name ?? "flag"} {route.Refusal}",
        TargetVerdict.Matched => "404",
        TargetVerdict.NoPath => "no path",
        _ => "400",
    };

    public Backend Backend(string service) => Translation.Model.Backends.Values.Single(backend => backend.Key.Service.Name == service);
}
