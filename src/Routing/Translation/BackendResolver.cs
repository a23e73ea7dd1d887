using System.Globalization;
using System.Net;
using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Routing.Model;

namespace IngressController.Routing.Translation;

/// <summary>Finds the destinations of a backend: Service, port, slices, endpoints. Whatever is missing becomes the backend's trouble.</summary>
internal static class BackendResolver
{
    public static Backend Resolve(BackendKey key, ClusterSnapshot snapshot, TranslationOptions options) =>
        UpstreamIdentities.Add(ResolveDestinations(key, snapshot, options), snapshot);

    private static Backend ResolveDestinations(BackendKey key, ClusterSnapshot snapshot, TranslationOptions options)
    {
        if (!snapshot.Services.TryGetValue(key.Service, out var service))
        {
            return Troubled(key, ProblemCode.ServiceNotFound, $"Service {key.Service} does not exist", "Create it, or correct the backend's name");
        }

        if (service.Type == ServiceType.ExternalName)
        {
            return ResolveExternalName(key, service, options);
        }

        if (FindPort(service, key.Port) is not { } port)
        {
            return PortNotFound(key, service);
        }

        var warnings = new List<BackendTrouble>();
        var slices = snapshot.SlicesByService.GetValueOrDefault(key.Service);
        var protocol = AppProtocols.Read(key, port.AppProtocol ?? AppProtocols.OfSlices(port, slices?.Values ?? []), warnings);
        var (destinations, passedOver, whyNone) = EndpointSelection.Select(service, port, slices?.Values ?? [], options, warnings);
        var trouble = destinations.IsEmpty
            ? new BackendTrouble(ProblemCode.NoEndpoints, whyNone, $"Look at its pods: kubectl -n {key.Service.Namespace} get endpointslices,pods")
            : null;
        return new(key, protocol, destinations, service.ClientIPAffinity, trouble, warnings.ToEquatableArray(), passedOver);
    }

    /// <summary>By number or by name, TCP only. The number is that of the Service, never the target's.</summary>
    private static ServicePort? FindPort(Service service, PortReference wanted)
    {
        foreach (var port in service.Ports)
        {
            var matches = wanted == PortReference.First
                || (wanted.Name is { } name ? port.Name == name : port.Port == wanted.Number);
            if (matches && port.Protocol == "TCP")
            {
                return port;
            }
        }

        return null;
    }

    private static Backend ResolveExternalName(BackendKey key, Service service, TranslationOptions options)
    {
        if (!options.AllowExternalNames)
        {
            return Troubled(
                key,
                ProblemCode.ExternalNameRefused,
                $"Service {key.Service} is of type ExternalName, which is off because such a Service can lead anywhere",
                "Allow it with --allow-external-names, or use a Service with endpoints");
        }

        var port = FindPort(service, key.Port);
        if (port is null && (!service.Ports.IsEmpty || key.Port.Name is not null || key.Port.Number is < 1 or > ushort.MaxValue))
        {
            return PortNotFound(key, service);
        }

        var name = (service.ExternalName ?? "").TrimEnd('.').ToLowerInvariant();
        if (!DnsName.IsSubdomain(name) || (!options.AllowLocalTargets && IsLocal(name)))
        {
            return Troubled(
                key, ProblemCode.ExternalNameRefused, $"the externalName \"{service.ExternalName}\" of Service {key.Service} is refused: "
                + "it is not a DNS name, or it means this machine", "Name a host outside");
        }

        var warnings = new List<BackendTrouble>();
        var protocol = AppProtocols.Read(key, port?.AppProtocol, warnings);
        var destination = new Destination(name, port?.Port ?? key.Port.Number);
        return new(key, protocol, [destination], service.ClientIPAffinity, null, warnings.ToEquatableArray());
    }

    private static bool IsLocal(string name) =>
        name is "localhost" || name.EndsWith(".localhost", StringComparison.Ordinal)
        || (IPAddress.TryParse(name, out var address) && LocalAddresses.Contains(address));

    private static Backend PortNotFound(BackendKey key, Service service)
    {
        var ports = string.Join(", ", service.Ports.Select(port =>
            port.Port.ToString(CultureInfo.InvariantCulture) + (port.Name.Length > 0 ? $" ({port.Name})" : "") + (port.Protocol == "TCP" ? "" : $" {port.Protocol}")));
        return Troubled(
            key,
            ProblemCode.PortNotFound,
            key.Port == PortReference.First
                ? $"Service {key.Service} has no TCP port"
                : $"Service {key.Service} has no TCP port {key.Port}; it has {(ports.Length > 0 ? ports : "none")}",
            "Use one of the Service's own ports, by number or name (not a targetPort)");
    }

    private static Backend Troubled(BackendKey key, ProblemCode code, string message, string cure) =>
        new(key, key.Policy.Protocol ?? BackendProtocol.Http, [], null, new(code, message, cure), []);
}
