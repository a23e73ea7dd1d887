using System.Diagnostics.Metrics;

namespace IngressController.Certificates;

/// <summary>When certificates end.</summary>
public sealed class CertificateMetrics
{
    public const string MeterName = "ingress.certificates";

    /// <summary>Those that end soonest: who has ten thousand wants to know of the next, and not a megabyte each time.</summary>
    private const int MostShown = 1000;

    public CertificateMetrics(IMeterFactory factory, CertificateStore store)
    {
        var meter = factory.Create(MeterName);
        meter.CreateObservableGauge(
            "ingress.certificate.not_after",
            () => from certificate in store.Ending(MostShown)
                  select new Measurement<long>(certificate.NotAfter.ToUnixTimeSeconds(), new("namespace", certificate.Secret.Namespace), new("secret", certificate.Secret.Name)),
            "s",
            "When a certificate ends, in seconds since 1970; of the thousand that end soonest");
    }
}
