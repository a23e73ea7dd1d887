using System.Diagnostics;

namespace IngressController.Proxy.Tracing;

/// <summary>Whether a trace is recorded. It is asked for every request, before anything is made for it.</summary>
/// <param name="parent">The caller's part of the trace; default where the trace begins here.</param>
public delegate bool TraceSampler(ActivityTraceId trace, ActivityContext parent);
