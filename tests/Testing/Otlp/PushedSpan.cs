namespace IngressController.Testing.Otlp;

/// <summary>One span, with the words of opentelemetry/proto/trace/v1/trace.proto.</summary>
/// <param name="TraceId">Hexadecimal, in lower case; so are the others.</param>
/// <param name="ParentSpanId">Empty where there is none.</param>
public sealed record PushedSpan(string TraceId, string SpanId, string ParentSpanId, string Name, ulong Kind, IReadOnlyDictionary<string, string> Attributes)
{
    public const ulong Server = 2;
    public const ulong Client = 3;

    /// <summary>What an ExportTraceServiceRequest says.</summary>
    /// <exception cref="InvalidDataException">A span lacks an id, or ends before it begins.</exception>
    public static IReadOnlyList<PushedSpan> Of(ProtobufMessage request) =>
        [.. from resource in request.Messages(1)
            from scope in resource.Messages(2)
            from span in scope.Messages(2)
            select Read(span)];

    private static PushedSpan Read(ProtobufMessage span) =>
        span.Bytes(1).Length == 16 && span.Bytes(2).Length == 8 && span.Number(7) > 0 && span.Number(8) >= span.Number(7)
            ? new(Convert.ToHexStringLower(span.Bytes(1)), Convert.ToHexStringLower(span.Bytes(2)), Convert.ToHexStringLower(span.Bytes(4)), span.Text(5), span.Number(6), PushedMetrics.Attributes(span, 9))
            : throw new InvalidDataException($"{span.Text(5)} is no whole span");
}
