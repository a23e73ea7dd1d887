using IngressController.Cluster;
using OpenTelemetry.Exporter;

namespace IngressController.App.Metrics.Otlp;

/// <summary>Where OpenTelemetry's collector is, for everything that is pushed there.</summary>
/// <param name="Endpoint">http or https. Over HTTP the path of the signal is added to it, where it does not end in it.</param>
/// <param name="Headers">Secret.</param>
/// <param name="Interval">From one push of metrics to the next; zero: only traces are pushed.</param>
internal sealed record OtlpOptions(Uri Endpoint, OtlpExportProtocol Protocol, EquatableArray<KeyValuePair<string, string>> Headers, TimeSpan Interval)
{
    /// <summary>How long one push may take.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    public bool TakesMetrics => Interval > TimeSpan.Zero;

    /// <param name="signal"><c>metrics</c> or <c>traces</c>.</param>
    public OtlpExporterOptions For(string signal) => new()
    {
        Endpoint = Protocol == OtlpExportProtocol.Grpc ? Endpoint : EndpointOf($"/v1/{signal}"),
        Protocol = Protocol,
        Headers = "", // nor those of the environment
        HttpClientFactory = Client,
        TimeoutMilliseconds = (int)Longest.TotalMilliseconds,
    };

    /// <summary>With our headers, for in the SDK's own list of headers no value can have a comma.</summary>
    private HttpClient Client()
    {
        var client = new HttpClient { Timeout = Longest };
        foreach (var (name, value) in Headers)
        {
            client.DefaultRequestHeaders.TryAddWithoutValidation(name, value);
        }

        return client;
    }

    private Uri EndpointOf(string path) =>
        Endpoint.AbsolutePath.EndsWith(path, StringComparison.Ordinal) ? Endpoint : new UriBuilder(Endpoint) { Path = Endpoint.AbsolutePath.TrimEnd('/') + path }.Uri;
}
