using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Routing.Model;

namespace IngressController.Routing.Annotations;

/// <summary>How the backend is spoken to, balanced, and waited for.</summary>
internal static class UpstreamAnnotations
{
    public static readonly string[] Names =
        ["backend-protocol", "load-balance", "proxy-connect-timeout", "proxy-read-timeout", "proxy-send-timeout"];

    private const int LongestConnect = 3600;

    /// <summary>A timer's longest time is about 49 days.</summary>
    private const int LongestIdle = 4_000_000;

    /// <returns>Null where something is asked for that cannot be carried out, so that the routes must be refused.</returns>
    public static UpstreamPolicy? Read(Ingress ingress, AnnotationReader annotations)
    {
        var policy = UpstreamPolicy.Default;
        var protocol = annotations.Choice<BackendProtocol>(
            "backend-protocol",
            ("HTTP", BackendProtocol.Http),
            ("HTTPS", BackendProtocol.Https),
            ("GRPC", BackendProtocol.H2c),
            ("GRPCS", BackendProtocol.H2),
            ("WS", BackendProtocol.Http),
            ("WSS", BackendProtocol.Http1OverTls));
        if (UpstreamTlsAnnotations.Read(ingress, annotations, protocol) is not { } tls)
        {
            return null;
        }

        var idle = Longer(annotations.Seconds("proxy-read-timeout", LongestIdle), annotations.Seconds("proxy-send-timeout", LongestIdle));
        return policy with
        {
            Protocol = protocol,
            Tls = tls == policy.Tls ? policy.Tls : tls, // mostly; then it is kept once
            ProxyProtocol = UpstreamTlsAnnotations.ReadProxyProtocol(annotations),
            Balancing = ReadBalancing(annotations) ?? policy.Balancing,
            ConnectTimeout = annotations.Seconds("proxy-connect-timeout", LongestConnect) ?? policy.ConnectTimeout,
            IdleTimeout = idle ?? policy.IdleTimeout,
        };
    }

    private static Balancing? ReadBalancing(AnnotationReader annotations)
    {
        if (annotations.Text("load-balance") is "ewma")
        {
            annotations.Report(
                ProblemCode.AnnotationUnsupported,
                Severity.Warning,
                annotations.FullName("load-balance"),
                "ewma is not carried out; the lesser loaded of two random destinations is taken instead",
                "Write power_of_two_choices to say so");
            return Balancing.PowerOfTwoChoices;
        }

        return annotations.Choice<Balancing>(
            "load-balance",
            ("round_robin", Balancing.RoundRobin),
            ("least_requests", Balancing.LeastRequests),
            ("power_of_two_choices", Balancing.PowerOfTwoChoices),
            ("random", Balancing.Random));
    }

    private static TimeSpan? Longer(TimeSpan? one, TimeSpan? other) =>
        one is { } a && other is { } b ? (a > b ? a : b) : one ?? other;
}
