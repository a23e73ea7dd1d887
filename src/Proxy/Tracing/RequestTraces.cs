namespace IngressController.Proxy.Tracing;

public static class RequestTraces
{
    /// <summary>Of the ActivitySource with the spans of requests.</summary>
    public const string SourceName = "ingress.proxy";
}
