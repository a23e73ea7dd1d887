namespace IngressController.App.Metrics;

/// <summary>What ingress-nginx calls its metrics.</summary>
internal static class NginxNames
{
    /// <summary>Names of this meter are written as they are.</summary>
    public const string MeterName = "nginx_ingress_controller";
}
