using System.Diagnostics;
using IngressController.Proxy.Tracing;
using OpenTelemetry.Trace;

namespace IngressController.App.Tracing;

/// <summary>Which traces are recorded.</summary>
/// <param name="Ratio">From 0 to 1: of the traces that begin here.</param>
/// <param name="AsksParent">A trace that goes on here is recorded where the caller's part of it is; otherwise the ratio decides about all.</param>
internal sealed record TracingOptions(double Ratio, bool AsksParent, TraceContext Context)
{
    /// <summary>OpenTelemetry's, by the trace's id, so that others with the same ratio choose the same traces.</summary>
    public TraceSampler Sampler()
    {
        var ratio = new TraceIdRatioBasedSampler(Ratio);
        Sampler sampler = AsksParent ? new ParentBasedSampler(ratio) : ratio;
        return (trace, parent) => sampler.ShouldSample(new(parent, trace, "", ActivityKind.Server)).Decision == SamplingDecision.RecordAndSample;
    }
}
