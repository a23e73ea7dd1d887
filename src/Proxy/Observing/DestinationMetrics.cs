using System.Collections.Frozen;
using System.Diagnostics.Metrics;
using System.Text.Json;
using IngressController.Proxy.Backends;
using IngressController.Proxy.Pipeline;
using IngressController.Routing.Model;
using Microsoft.AspNetCore.Http;

namespace IngressController.Proxy.Observing;

/// <summary>What is known of single destinations, and how many a Service has.</summary>
internal sealed class DestinationMetrics
{
    /// <summary>The answer has begun, and was not whole.</summary>
    private static readonly FrozenSet<string> Broken = new[] { Reason.BrokenResponse, Reason.IdleTimeout }.Select(reason => reason.Word()).ToFrozenSet();

    private static readonly string[] PassedOverWords = [.. Enum.GetNames<PassedOverReason>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)];

    private readonly DataPlane dataPlane;
    private readonly Counter<long> requests;

    public DestinationMetrics(IMeterFactory factory, DataPlane dataPlane)
    {
        this.dataPlane = dataPlane;
        var meter = factory.Create(ProxyMeter.Name);
        requests = meter.CreateCounter<long>("ingress.destination.requests", "{request}", "Tries to have a destination answer, by what became of them");
        meter.CreateObservableGauge("ingress.destination.active_requests", ObserveActive, "{request}", "Requests and connections that a destination is busy with");
        meter.CreateObservableGauge("ingress.backend.destinations", ObserveDestinations, "{destination}", "Addresses that requests may go to, and those that they may not");
    }

    /// <param name="times">There were so many alike.</param>
    public void Finished(in RequestRecord record, int times = 1)
    {
        foreach (var attempt in record.Earlier)
        {
            Count(record.Names, attempt, "failed", times);
        }

        if (record.Last.Destination.Length > 0)
        {
            Count(record.Names, record.Last, OutcomeOf(record), times);
        }
    }

    private void Count(RouteNames names, in UpstreamTry attempt, string outcome, int times) =>
        requests.Add(times, new("namespace", names.Namespace), new("service", names.Service), new("destination", attempt.Destination), new("outcome", outcome));

    private static string OutcomeOf(in RequestRecord record) =>
        record.IsPassthrough ? (record.Status == StatusCodes.Status200OK ? "answered" : "failed") // what it answers nobody sees
        : record.Last.Status == 0 ? (record.Status == ObservationStep.ClientClosedRequest ? "abandoned" : "failed")
        : record.Last.Status >= StatusCodes.Status500InternalServerError ? "server_error"
        : record.Reason.Length > 0 && Broken.Contains(record.Reason) ? "failed"
        : "answered";

    /// <summary>A Service port has a backend for each policy it is used with, and these may share their destinations or not.</summary>
    private IEnumerable<Measurement<int>> ObserveActive() =>
        from backend in dataPlane.Backends
        from destination in backend.Cluster.DestinationsState.AllDestinations
        where destination.ConcurrentRequestCount > 0
        group destination by (backend.Names.Namespace, backend.Names.Service, destination.DestinationId) into same
        let active = same.Distinct().Sum(destination => destination.ConcurrentRequestCount)
        select new Measurement<int>(active, new("namespace", same.Key.Namespace), new("service", same.Key.Service), new("destination", same.Key.DestinationId));

    /// <summary>The backends of a Service port have the same endpoints. What there is none of is not told, but for those that are ready.</summary>
    private IEnumerable<Measurement<int>> ObserveDestinations() =>
        from backend in dataPlane.Backends
        group backend by (backend.Names.Namespace, backend.Names.Service) into same
        from state in StatesOf(same.First())
        select new Measurement<int>(state.Count, new("namespace", same.Key.Namespace), new("service", same.Key.Service), new("state", state.Word));

    private static IEnumerable<(string Word, int Count)> StatesOf(ProxyBackend backend) =>
        backend.PassedOver.CountBy(endpoint => endpoint.Why).Select(each => (PassedOverWords[(int)each.Key], each.Value))
            .Prepend(("ready", backend.Cluster.DestinationsState.AvailableDestinations.Count));
}
