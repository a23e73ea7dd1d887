using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Routing.Model;

namespace IngressController.Routing.Translation;

/// <summary>What an entry leads to in a snapshot.</summary>
internal static class StreamResolver
{
    /// <returns>The service, without destinations where something is wrong, and what is wrong; null for nothing.</returns>
    public static (StreamService Service, Problem? Problem) Resolve(StreamEntry entry, ClusterSnapshot snapshot, TranslationOptions options)
    {
        var protocol = entry.Key.Protocol.ToString().ToUpperInvariant();
        if (!snapshot.Services.TryGetValue(entry.Service, out var service))
        {
            return Troubled(entry, ProblemCode.ServiceNotFound, $"Service {entry.Service} does not exist", "Create it, or correct the entry");
        }

        if (service.Type == ServiceType.ExternalName)
        {
            return Troubled(entry, ProblemCode.ExternalNameRefused, $"Service {entry.Service} is of type ExternalName", "Name a Service with endpoints");
        }

        var port = ((IEnumerable<ServicePort>)service.Ports).FirstOrDefault(port =>
            port.Protocol == protocol && (entry.Port.Name is { } name ? port.Name == name : port.Port == entry.Port.Number));
        if (port is null)
        {
            return Troubled(entry, ProblemCode.PortNotFound, $"Service {entry.Service} has no {protocol} port {entry.Port}", "Use one of the Service's own ports, by number or name");
        }

        var slices = snapshot.SlicesByService.GetValueOrDefault(entry.Service)?.Values ?? [];
        var (destinations, _, whyNone) = EndpointSelection.Select(service, port, slices, options, []);
        return destinations.IsEmpty
            ? Troubled(entry, ProblemCode.NoEndpoints, whyNone, $"Look at its pods: kubectl -n {entry.Service.Namespace} get endpointslices,pods", Severity.Warning)
            : (Service(entry, destinations), null);
    }

    public static Problem Problem(StreamEntry entry, ProblemCode code, string message, string cure, Severity severity = Severity.Error) =>
        new(code, severity, new(ResourceKind.ConfigMap, entry.Origin), $"data[{entry.Key.Port}]", message, cure);

    private static (StreamService Service, Problem? Problem) Troubled(StreamEntry entry, ProblemCode code, string message, string cure, Severity severity = Severity.Error) =>
        (Service(entry, []), Problem(entry, code, $"{message}; connections to port {entry.Key} are closed", cure, severity));

    private static StreamService Service(StreamEntry entry, EquatableArray<Destination> destinations) =>
        new(entry.Key, entry.Origin, entry.Service, entry.Port, entry.ReadsProxyProtocol, entry.SendsProxyProtocol, destinations);
}
