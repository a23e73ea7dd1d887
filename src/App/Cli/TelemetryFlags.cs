using IngressController.App.Metrics;
using IngressController.App.Metrics.Otlp;
using IngressController.Cluster;
using IngressController.Kubernetes.Api;
using OpenTelemetry.Exporter;

namespace IngressController.App.Cli;

/// <summary>The flags that say what is told about the program, and to whom.</summary>
internal static class TelemetryFlags
{
    private const int MostSeries = 100_000;

    /// <param name="controllerName">What ingress-nginx calls the class of the controller.</param>
    public static MetricsOptions Metrics(FlagReader flags, TelemetryIdentity identity, string controllerName)
    {
        var defaults = new MetricsOptions();
        return defaults with
        {
            Hosts = flags.Switch(Flags.MetricsHosts),
            NginxLabels = [new("controller_class", controllerName), new("controller_namespace", identity.Namespace), new("controller_pod", identity.Pod)],
            HistogramSeries = flags.One(Flags.MetricsHistogramSeries, Series, defaults.HistogramSeries),
            NginxNames = flags.Switch(Flags.NginxMetricNames),
            Exemplars = flags.IsGiven(Flags.TraceSampling),
            Otlp = Otlp(flags),
        };
    }

    /// <summary>Of a name that is wrong others complain.</summary>
    /// <param name="connection">Null where manifests are read.</param>
    public static TelemetryIdentity Identity(FlagReader flags, ApiConnection? connection) => new(
        flags.One(Flags.PodName, FlagValue.Text, TelemetryIdentity.Here.Pod),
        flags.One(Flags.PodNamespace, FlagValue.Text, connection?.Namespace ?? TelemetryIdentity.Here.Namespace));

    private static OtlpOptions? Otlp(FlagReader flags)
    {
        var endpoint = flags.One<Uri?>(Flags.OtlpEndpoint, Endpoint, null);
        var protocol = flags.One(Flags.OtlpProtocol, Protocol, OtlpExportProtocol.Grpc);
        var headers = flags.Many<string>(Flags.OtlpHeader, FlagValue.Text).Select(text => HeaderOf(flags, text)).ToList();
        var more = flags.One<EquatableArray<KeyValuePair<string, string>>>(Flags.OtlpHeadersFile, HeadersFile, []);
        var interval = flags.One(Flags.OtlpInterval, Interval, TimeSpan.FromMinutes(1));
        if (flags.IsGiven(Flags.OtlpEndpoint))
        {
            if (interval == TimeSpan.Zero && !flags.IsGiven(Flags.TraceSampling))
            {
                flags.Error($"{Flags.OtlpInterval.Name} 0 pushes no metrics, and without {Flags.TraceSampling.Name} there are no traces to push");
            }

            return endpoint is null ? null : new(endpoint, protocol, [.. headers, .. more], interval);
        }

        foreach (var flag in new[] { Flags.OtlpProtocol, Flags.OtlpHeader, Flags.OtlpHeadersFile, Flags.OtlpInterval }.Where(flags.IsGiven))
        {
            flags.Error($"{flag.Name} says nothing without {Flags.OtlpEndpoint.Name}");
        }

        return null;
    }

    private static string? Series(string text, out int value) =>
        FlagValue.Count(text, out value) is null && value <= MostSeries ? null : $"is not a whole number up to {MostSeries}";

    private static string? Endpoint(string text, out Uri? value) =>
        Uri.TryCreate(text, UriKind.Absolute, out value) && value.Scheme is "http" or "https" && value is { UserInfo: "", Query: "", Fragment: "" }
            ? null
            : "is not a URL of http or https without a user and a query";

    private static string? Protocol(string text, out OtlpExportProtocol value)
    {
        value = text == "http" ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        return text is "http" or "grpc" ? null : "is not grpc or http";
    }

    private static string? Interval(string text, out TimeSpan value) =>
        FlagValue.Duration(text, out value) ?? (value == TimeSpan.Zero || value >= TimeSpan.FromSeconds(1) ? null : "is shorter than a second, and not 0");

    /// <summary>Its text is secret, so it is not said when it is wrong.</summary>
    private static KeyValuePair<string, string> HeaderOf(FlagReader flags, string text)
    {
        if (Header(text, out var header) is { } wrong)
        {
            flags.Error($"{Flags.OtlpHeader.Name}: one of them {wrong}");
        }

        return header;
    }

    private static string? Header(string text, out KeyValuePair<string, string> value)
    {
        var parts = text.Split('=', 2, StringSplitOptions.TrimEntries);
        value = new(parts[0], parts[^1]);
        var isHeader = parts.Length == 2 && parts[0].Length > 0 && parts[0].All(sign => char.IsAsciiLetterOrDigit(sign) || sign is '-' or '_' or '.') && parts[1].All(sign => sign is >= ' ' and <= '~');
        return isHeader ? null : "is not NAME=VALUE";
    }

    /// <summary>Says which line is wrong, and not what stands there.</summary>
    private static string? HeadersFile(string text, out EquatableArray<KeyValuePair<string, string>> value)
    {
        value = [];
        try
        {
            var headers = new List<KeyValuePair<string, string>>();
            foreach (var (index, line) in File.ReadAllLines(text).Index().Where(line => line.Item.Trim().Length > 0))
            {
                if (Header(line, out var header) is { } wrong)
                {
                    return $"has a line {index + 1} that {wrong}";
                }

                headers.Add(header);
            }

            value = headers.ToEquatableArray();
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return "cannot be read";
        }
    }
}
