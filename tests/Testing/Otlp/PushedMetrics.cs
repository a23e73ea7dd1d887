using System.Globalization;

namespace IngressController.Testing.Otlp;

/// <summary>One data point of a metric, with the words of opentelemetry/proto/metrics/v1/metrics.proto.</summary>
/// <param name="Value">Of a histogram: how many.</param>
/// <param name="Bounds">Of a histogram; empty for others.</param>
public sealed record PushedPoint(
    string Scope, string Name, string Unit, string Kind, IReadOnlyDictionary<string, string> Attributes, double Value, IReadOnlyList<double> Bounds, IReadOnlyList<ulong> Counts);

/// <summary>What an ExportMetricsServiceRequest says.</summary>
public static class PushedMetrics
{
    private const ulong Cumulative = 2;

    /// <summary>Who pushed.</summary>
    public static IReadOnlyDictionary<string, string> Resource(ProtobufMessage request) =>
        Attributes(request.Messages(1).First().Messages(1).Single(), 1);

    /// <exception cref="InvalidDataException">A point lacks its time, a sum is not cumulative, or a histogram's buckets do not add up.</exception>
    public static IReadOnlyList<PushedPoint> Points(ProtobufMessage request) =>
        [.. from resource in request.Messages(1)
            from scope in resource.Messages(2)
            from metric in scope.Messages(2)
            from point in Points(scope.Messages(1).Single().Text(1), metric)
            select point];

    private static IEnumerable<PushedPoint> Points(string scope, ProtobufMessage metric)
    {
        var (kind, field) = metric.Has(5) ? ("gauge", 5) : metric.Has(7) ? ("sum", 7) : metric.Has(9) ? ("histogram", 9) : throw new InvalidDataException($"{metric.Text(1)} has no kind");
        var body = metric.Messages(field).Single();
        if (field != 5 && body.Number(2) != Cumulative)
        {
            throw new InvalidDataException($"{metric.Text(1)} is not cumulative");
        }

        return body.Messages(1).Select(point => field == 9 ? Histogram(scope, metric, point) : Number(scope, metric, field == 7 && body.Number(3) == 1 ? "counter" : kind, point));
    }

    private static PushedPoint Number(string scope, ProtobufMessage metric, string kind, ProtobufMessage point) => new(
        scope, metric.Text(1), metric.Text(3), kind, Attributes(Timed(metric, point), 7), point.Has(4) ? point.Real(4) : (long)point.Number(6), [], []);

    private static PushedPoint Histogram(string scope, ProtobufMessage metric, ProtobufMessage point)
    {
        var counts = point.Packed(6).ToList();
        var bounds = point.Packed(7).Select(BitConverter.UInt64BitsToDouble).ToList();
        var count = point.Number(4);
        return counts.Count == bounds.Count + 1 && counts.Aggregate(0UL, (sum, next) => sum + next) == count
            ? new(scope, metric.Text(1), metric.Text(3), "histogram", Attributes(Timed(metric, point), 9), count, bounds, counts)
            : throw new InvalidDataException($"{metric.Text(1)}: {string.Join(' ', counts)} are not {count} between {bounds.Count} bounds");
    }

    private static ProtobufMessage Timed(ProtobufMessage metric, ProtobufMessage point) =>
        point.Number(3) > 0 ? point : throw new InvalidDataException($"{metric.Text(1)} has a point without a time");

    private static Dictionary<string, string> Attributes(ProtobufMessage owner, int field) => owner.Messages(field).ToDictionary(pair => pair.Text(1), pair => Value(pair.Messages(2).Single()));

    private static string Value(ProtobufMessage any) =>
        any.Has(1) ? any.Text(1) : any.Has(2) ? (any.Number(2) == 1 ? "true" : "false") : any.Has(3) ? ((long)any.Number(3)).ToString(CultureInfo.InvariantCulture) : any.Real(4).ToString(CultureInfo.InvariantCulture);
}
