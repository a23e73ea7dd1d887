namespace IngressController.Proxy.Tracing;

/// <summary>Whose traces go on here (W3C Trace Context): of other clients' requests a new one begins, so that nobody outside decides what is recorded.</summary>
public enum TraceContext
{
    /// <summary>Those of trusted proxies.</summary>
    Trusted,

    /// <summary>Everybody's.</summary>
    Always,

    /// <summary>Nobody's.</summary>
    Never,
}
