using Microsoft.AspNetCore.Http.Headers;
using Microsoft.Net.Http.Headers;

namespace IngressController.App.Metrics.Text;

/// <summary>How metrics are written.</summary>
internal enum TextFormat
{
    /// <summary>https://prometheus.io/docs/instrumenting/exposition_formats/, "Text-based format".</summary>
    Prometheus,

    /// <summary>https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md.</summary>
    OpenMetrics,
}

/// <summary>What a scraper asks for.</summary>
internal static class Asked
{
    private const string OpenMetricsType = "application/openmetrics-text";

    public static string ContentType(this TextFormat format) =>
        format == TextFormat.OpenMetrics ? $"{OpenMetricsType}; version=1.0.0; charset=utf-8" : "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>OpenMetrics where it is named and nothing is liked more; else Prometheus' text, whatever is asked for, as every exporter does.</summary>
    public static TextFormat Format(RequestHeaders headers)
    {
        double openMetrics = 0, text = 0;
        foreach (var type in headers.Accept)
        {
            var quality = type.Quality ?? 1;
            if (type.MediaType.Equals(OpenMetricsType, StringComparison.OrdinalIgnoreCase))
            {
                openMetrics = Math.Max(openMetrics, IsOurVersion(type) ? quality : 0);
            }
            else if (type.MediaType.Equals("text/plain", StringComparison.OrdinalIgnoreCase))
            {
                text = Math.Max(text, quality);
            }
        }

        return openMetrics > 0 && openMetrics >= text ? TextFormat.OpenMetrics : TextFormat.Prometheus;
    }

    /// <summary>Whether gzip is asked for: by name, or as any (RFC 9110, 12.5.3).</summary>
    public static bool Gzip(RequestHeaders headers)
    {
        double? any = null, gzip = null;
        foreach (var encoding in headers.AcceptEncoding)
        {
            var quality = encoding.Quality ?? 1;
            gzip = encoding.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase) ? quality : gzip;
            any = encoding.Value.Equals("*", StringComparison.Ordinal) ? quality : any;
        }

        return (gzip ?? any ?? 0) > 0;
    }

    /// <summary>1.0, its predecessor 0.0.1 (which 1.0 is a form of), or any.</summary>
    private static bool IsOurVersion(MediaTypeHeaderValue type) =>
        NameValueHeaderValue.Find(type.Parameters, "version")?.GetUnescapedValue() is not { HasValue: true } version || version.Value is "1.0.0" or "0.0.1";
}
