using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Routing.Model;

namespace IngressController.Routing.Translation;

/// <summary>What a Service port's appProtocol says about its destinations (KEP-3726 and the names in common use).</summary>
internal static class AppProtocols
{
    /// <summary>Slices made by hand may say what their Service does not.</summary>
    public static string? OfSlices(ServicePort port, IEnumerable<EndpointSlice> slices) =>
        slices.SelectMany(slice => slice.Ports).FirstOrDefault(candidate => candidate.Name == port.Name && candidate.AppProtocol is not null)?.AppProtocol;

    /// <summary>An annotation beats the appProtocol.</summary>
    public static BackendProtocol Read(BackendKey key, string? appProtocol, List<BackendTrouble> warnings)
    {
        if (key.Policy.Protocol is { } asked)
        {
            return asked;
        }

        var known = appProtocol?.ToLowerInvariant() switch
        {
            null or "" or "http" or "kubernetes.io/ws" or "ws" => BackendProtocol.Http,
            "https" => BackendProtocol.Https,
            "kubernetes.io/h2c" or "h2c" or "grpc" or "kubernetes.io/grpc" => BackendProtocol.H2c,
            "grpcs" or "http2" => BackendProtocol.H2, // GKE's HTTP2 means over TLS
            "kubernetes.io/wss" or "wss" => BackendProtocol.Http1OverTls,
            _ => (BackendProtocol?)null,
        };
        if (known is null)
        {
            warnings.Add(new(
                ProblemCode.AppProtocolUnknown,
                $"port {key.Port} of Service {key.Service} has the appProtocol {appProtocol}, which is not known, so it is spoken to in HTTP/1.1",
                "Use http, https, kubernetes.io/h2c, kubernetes.io/ws, kubernetes.io/wss, grpc or grpcs"));
        }

        return known ?? BackendProtocol.Http;
    }
}
