using IngressController.Proxy.Tracing;

namespace IngressController.App.Tracing;

/// <summary>Which traces are recorded.</summary>
/// <param name="Ratio">From 0 to 1: of the traces that begin here.</param>
/// <param name="AsksParent">A trace that goes on here is recorded where the caller's part of it is; otherwise the ratio decides about all.</param>
internal sealed record TracingOptions(double Ratio, bool AsksParent, TraceContext Context);
