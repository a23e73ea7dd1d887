using System.Diagnostics.Metrics;
using IngressController.Certificates;

namespace IngressController.App.Metrics;

/// <summary>
/// The controller under the names that ingress-nginx has for what it is (kubernetes/ingress-nginx, docs/user-guide/monitoring.md, "Controller metrics" and "Nginx process
/// metrics"): to apply a change is its reload, this process its nginx.
/// </summary>
internal sealed class NginxNames
{
    /// <summary>Names of this meter are written as they are; requests are counted in Proxy, under the same.</summary>
    public const string MeterName = "nginx_ingress_controller";

    private const string Prefix = MeterName + "_";
    private const int MostHosts = 1_000;

    public NginxNames(IMeterFactory factory, Standing standing, ConfigurationMetrics configuration, CertificateStore certificates)
    {
        var meter = factory.Create(MeterName);
        meter.CreateObservableGauge<long>(
            Prefix + "build_info", () => [new(1, new("release", AppVersion.Text), new("repository", "ingress-controller"))], description: "A metric with a constant '1' labeled with information about the build");
        meter.CreateObservableGauge(Prefix + "config_hash", () => standing.Now.AppliedAt.ToUnixTimeMilliseconds(), description: "Another number for every configuration");
        meter.CreateObservableGauge(Prefix + "config_last_reload_successful", () => configuration.IsFailing ? 0 : 1, description: "Whether the last change could be applied");
        meter.CreateObservableGauge<double>(
            Prefix + "config_last_reload_successful_timestamp_seconds",
            () => standing.Now.Translation is null ? [] : [new(standing.Now.AppliedAt.ToUnixTimeMilliseconds() / 1000.0)],
            description: "When a change was last applied");
        meter.CreateObservableCounter(Prefix + "success", () => configuration.Successes, description: "Changes that were applied");
        meter.CreateObservableCounter(Prefix + "errors", () => configuration.Failures, description: "Changes that could not be applied");
        meter.CreateObservableGauge(Prefix + "ssl_expire_time_seconds", () => Ends(certificates), description: "Number of seconds since 1970 to the end of the certificate");
        Process(meter);
    }

    private static void Process(Meter meter)
    {
        const string process = Prefix + "nginx_process_";
        meter.CreateObservableCounter(process + "cpu_seconds_total", () => Environment.CpuUsage.TotalTime.TotalSeconds, description: "Cpu usage in seconds");
        meter.CreateObservableGauge(process + "num_procs", () => 1, description: "Number of processes");
        meter.CreateObservableGauge(process + "oldest_start_time_seconds", () => ProcessMetrics.Started, description: "Start time in seconds since 1970/01/01");
        meter.CreateObservableGauge(process + "resident_memory_bytes", () => Environment.WorkingSet, description: "Number of bytes of memory in use");
        meter.CreateObservableGauge(process + "virtual_memory_bytes", ProcessMetrics.VirtualMemory, description: "Number of bytes of memory in use");
    }

    /// <summary>Of the hosts whose certificates end soonest.</summary>
    private static IEnumerable<Measurement<long>> Ends(CertificateStore certificates) =>
        (from certificate in certificates.Served
         orderby certificate.NotAfter
         from host in certificate.Names
         select new Measurement<long>(
             certificate.NotAfter.ToUnixTimeSeconds(), new("host", host), new("namespace", certificate.Secret.Namespace), new("secret_name", certificate.Secret.Name))).Take(MostHosts);
}
