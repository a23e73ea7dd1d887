using IngressController.Testing;

namespace IngressController.Benchmarks.Comparison;

/// <summary>This controller, with more or less told of requests.</summary>
internal static class Controllers
{
    private static readonly string[] NoLog = ["--access-log", "off"];
    private static readonly string[] Log = ["--access-log", "json"];

    /// <summary>What each of the things costs that tell of requests. The first is without any: OpenTelemetry's SDK is switched off, and no request is counted.</summary>
    /// <param name="otlp">The collector's URL.</param>
    public static Contender[] All(string program, string otlp) =>
    [
        Of("nothing", program, NoLog, new Dictionary<string, string> { ["OTEL_SDK_DISABLED"] = "true" }),
        Quiet(program, "metrics"),
        Of("metrics and log", program, Log),
        Of("metrics and traces", program, [.. NoLog, .. Traces(otlp), "--otlp-interval", "0"]),
        Seeing(program, otlp, "all"),
        Of("all, metrics pushed too", program, [.. Log, .. Traces(otlp)]),
    ];

    /// <summary>Metrics can be scraped, and that is all.</summary>
    public static Contender Quiet(string program, string name) => Of(name, program, NoLog);

    /// <summary>Metrics that can be scraped, a log in a file and 1% of the traces.</summary>
    public static Contender Seeing(string program, string otlp, string name) => Of(name, program, [.. Log, .. Traces(otlp), "--otlp-interval", "0"]);

    private static string[] Traces(string otlp) => ["--otlp-endpoint", otlp, "--otlp-protocol", "http", "--trace-sampling", "0.01"];

    /// <summary>An Ingress for each host. Its output goes to a file, as a container's does.</summary>
    private static Contender Of(string name, string program, string[] more, IReadOnlyDictionary<string, string>? environment = null) =>
        new(name, (site, ports) => Start(Folder(name), program, site, ports, more, environment), site => Output(site, Folder(name)));

    private static string Folder(string name) => name.Replace(' ', '-');

    private static string Output(Site site, string folder) => site.Path(folder) + "/output";

    private static RunningProgram Start(string folder, string program, Site site, Ports ports, string[] more, IReadOnlyDictionary<string, string>? environment)
    {
        site.Write($"{folder}/manifests/web.yaml", Site.Text($$$$$"""
            apiVersion: networking.k8s.io/v1
            kind: IngressClass
            metadata: {name: yarp}
            spec: {controller: yarp.ingress.kubernetes.io/controller}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec: {ports: [{port: 80}]}
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: web, labels: {kubernetes.io/service-name: web}}
            addressType: IPv4
            endpoints: [{addresses: [127.0.0.1]}]
            ports:
            - port: {{{{{site.Backend}}}}}
            """) + "\n---\n" + site.Certificate.Secret("tls"));
        site.Write($"{folder}/manifests/hosts.yaml", site.EachHost(host => Site.Text($$$$$"""
            ---
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: {{{{{host}}}}}}
            spec: {ingressClassName: yarp, rules: [{host: {{{{{host}}}}}, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}}]}
            """)));
        string[] arguments =
        [
            "dotnet", program, "run", "--manifests", site.Path($"{folder}/manifests"), "--bind-address", "127.0.0.1", "--http-port", $"{ports.Http}", "--https-port", $"{ports.Https}",
            "--admin-port", $"{Site.FreePort()}", "--default-tls-secret", "default/tls", .. more,
        ];
        return RunningProgram.Start("sh", ["-c", "exec \"$@\" >> \"$0\"", Output(site, folder), .. arguments], environment);
    }
}
