using System.Diagnostics.Metrics;

namespace IngressController.Certificates.Acme.Issuing;

/// <summary>What becomes of orders, and how the certificates stand.</summary>
internal sealed class AcmeMetrics
{
    private readonly Counter<long> orders;

    /// <param name="statuses">Asked for at each scrape.</param>
    public AcmeMetrics(IMeterFactory factory, Func<IReadOnlyCollection<AcmeStatus>> statuses)
    {
        var meter = factory.Create(CertificateMetrics.MeterName);
        orders = meter.CreateCounter<long>("ingress.acme.orders", "{order}", "Orders that came to an end, by issuer and outcome");
        meter.CreateObservableGauge(
            "ingress.acme.certificates",
            () =>
            {
                var counts = statuses().CountBy(status => status.Stage).ToDictionary();
                return Enum.GetValues<AcmeStage>().Select(stage => new Measurement<long>(counts.GetValueOrDefault(stage), new KeyValuePair<string, object?>("state", NameOf(stage))));
            },
            "{certificate}",
            "Certificates that Ingresses ask for, by what became of that");
        meter.CreateObservableGauge(
            "ingress.acme.next_renewal",
            () => statuses().Select(status => status.NextRenewal).Min() is { } next ? [new Measurement<long>(next.ToUnixTimeSeconds())] : Array.Empty<Measurement<long>>(),
            "s",
            "When the next certificate is to be renewed, in seconds since 1970, unless its authority says otherwise");
    }

    /// <param name="isRenewal">Of a certificate of the same issuer.</param>
    public void Issued(Issuer issuer, bool isRenewal) => Ended(issuer, isRenewal ? "renewed" : "issued");

    public void Failed(Issuer issuer) => Ended(issuer, "failed");

    private void Ended(Issuer issuer, string outcome) => orders.Add(1, new("issuer", issuer.Name), new KeyValuePair<string, object?>("outcome", outcome));

    private static string NameOf(AcmeStage stage) => stage.ToString().ToLowerInvariant();
}
