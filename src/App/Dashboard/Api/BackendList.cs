using System.ComponentModel;
using System.Globalization;
using IngressController.Proxy.Observing.Traffic;
using IngressController.Routing.Model;
using Endpoint = IngressController.Cluster.Resources.Endpoint;

namespace IngressController.App.Dashboard.Api;

internal sealed record DestinationItem(
    [property: Description("Address and port")] string Address,
    [property: Description("Where its endpoint is; null where that is not known")] string? Zone,
    [property: Description("False where it gets requests only because no endpoint is ready")] bool Ready,
    [property: Description("Requests under way")] int Active,
    [property: Description("Tries a second, in the last 15 to 30 seconds")] double Requests,
    [property: Description("Answered 5xx or not at all, a second")] double ServerErrors,
    [property: Description("No answer or not all of it, by the destination's fault, a second")] double Failures,
    [property: Description("Tries since the first request to it")] long RequestsTotal,
    [property: Description("Failures since the first request to it")] long FailuresTotal,
    [property: Description("Milliseconds, of the answers in the last 15 to 30 seconds")] double? P50,
    [property: Description("Milliseconds, of the answers in the last 15 to 30 seconds")] double? P99,
    [property: Description("The reason of the last failure, as in the access log; null: none so far")] string? LastFailure);

internal sealed record PassedOverItem(
    [property: Description("Address and port")] string Address,
    [property: Description("Where the endpoint is; null where that is not known")] string? Zone,
    [property: Description("elsewhere: it is ready, and its topology hints say that it is for other nodes or zones")] PassedOverReason Why);

internal sealed record BackendItem(
    [property: Description("Its name among the backends: service and port, and what tells two policies for the same port apart")] string Key,
    [property: Description("Of the Service")] string Namespace,
    [property: Description("Its name")] string Service,
    [property: Description("As the Ingress names it")] string Port,
    [property: Description("What its destinations are spoken to in")] BackendProtocol Protocol,
    [property: Description("How a destination is chosen")] Balancing Balancing,
    [property: Description("How it is used")] IReadOnlyList<PolicyItem> Policies,
    [property: Description("Why there is no destination")] string? Trouble,
    [property: Description("Tries with its destinations a second, in the last 15 to 30 seconds")] double Requests,
    [property: Description("Answered 5xx or not at all, a second")] double ServerErrors,
    [property: Description("No answer or not all of it, by the destination's fault, a second")] double Failures,
    [property: Description("Milliseconds, of the answers in the last 15 to 30 seconds")] double? P50,
    [property: Description("Milliseconds, of the answers in the last 15 to 30 seconds")] double? P99,
    [property: Description("Where requests go; empty where there is trouble")] IReadOnlyList<DestinationItem> Destinations,
    [property: Description("Endpoints of the Service that get no requests")] IReadOnlyList<PassedOverItem> PassedOver);

/// <summary>How a backend does.</summary>
internal enum BackendState
{
    Ok,

    /// <summary>Destinations failed lately.</summary>
    Failing,

    /// <summary>There is no destination.</summary>
    Empty,
}

/// <summary>All backends that some route names.</summary>
internal sealed class BackendList(Views views, TrafficBook traffic, TimeProvider time)
{
    public static string[] Parameters { get; } = ["search", "namespace", "state", "offset", "limit"];

    /// <exception cref="BadQueryException"/>
    public Page<BackendItem> Find(IQueryCollection parameters)
    {
        var query = new QueryText(parameters, Parameters);
        var (view, page, @namespace, state) = (views.Now, PageQuery.Read(query), query.Text("namespace"), query.Word<BackendState>("state"));
        var found = from backend in view.Model.Backends.Values
                    where page.Finds(backend.Key.ToString()) && (@namespace.Length == 0 || backend.Key.Service.Namespace == @namespace) && (state is null || StateOf(backend) == state)
                    orderby backend.Key.Service, backend.Key.Port.ToString(), KeyOf(backend.Key)
                    select backend;
        return page.Of(found, backends => backends.Select(backend => Item(view, backend)));
    }

    public BackendItem Item(View view, Backend backend)
    {
        var (now, sum, known) = (time.GetUtcNow(), new TrafficSum(), traffic.Find(backend.Key));
        known?.AddTo(sum, now);
        var (key, endpoints) = (backend.Key, Endpoints(view, backend));
        return new(
            KeyOf(key), key.Service.Namespace, key.Service.Name, key.Port.ToString(), backend.Protocol, key.Policy.Balancing, [.. PolicyList.Of(key.Policy)], backend.Trouble?.Message,
            ApiJson.Round(sum.Requests), ApiJson.Round(sum.ServerErrors), ApiJson.Round(sum.Failures), ApiJson.Round(sum.P50), ApiJson.Round(sum.P99),
            [.. ((IEnumerable<Destination>)backend.Destinations).Select(destination => Item(destination, endpoints.GetValueOrDefault(destination.Host), known?.Find(destination.ToString()), now))],
            [.. ((IEnumerable<PassedOverEndpoint>)backend.PassedOver).Select(endpoint => new PassedOverItem(endpoint.Destination.ToString(), endpoint.Zone, endpoint.Why))]);
    }

    private static DestinationItem Item(Destination destination, Endpoint? endpoint, DestinationTraffic? known, DateTimeOffset now)
    {
        var sum = new TrafficSum();
        known?.AddTo(sum, now);
        return new(
            destination.ToString(), endpoint?.Zone, endpoint?.Ready ?? true, sum.Active,
            ApiJson.Round(sum.Requests), ApiJson.Round(sum.ServerErrors), ApiJson.Round(sum.Failures), known?.Requests ?? 0, known?.Failures ?? 0,
            ApiJson.Round(sum.P50), ApiJson.Round(sum.P99), known?.LastFailure);
    }

    private BackendState StateOf(Backend backend)
    {
        if (backend.Destinations.IsEmpty)
        {
            return BackendState.Empty;
        }

        var sum = new TrafficSum();
        traffic.Find(backend.Key)?.AddTo(sum, time.GetUtcNow());
        return sum.Failures > 0 ? BackendState.Failing : BackendState.Ok;
    }

    private static Dictionary<string, Endpoint> Endpoints(View view, Backend backend)
    {
        var endpoints = new Dictionary<string, Endpoint>(StringComparer.Ordinal);
        foreach (var slice in view.State.Snapshot.SlicesByService.GetValueOrDefault(backend.Key.Service)?.Values ?? [])
        {
            foreach (var endpoint in slice.Endpoints)
            {
                endpoints[endpoint.Address] = endpoint;
            }
        }

        return endpoints;
    }

    /// <summary>The same in every replica and after every restart.</summary>
    internal static string KeyOf(BackendKey key) => key.Policy == UpstreamPolicy.Default
        ? key.ToString()
        : string.Create(CultureInfo.InvariantCulture, $"{key}~{Fingerprint(key.Policy.ToString()):x8}");

    /// <summary>FNV-1a.</summary>
    private static uint Fingerprint(string text)
    {
        var hash = 2166136261u;
        foreach (var letter in text)
        {
            hash = (hash ^ letter) * 16777619u;
        }

        return hash;
    }
}
