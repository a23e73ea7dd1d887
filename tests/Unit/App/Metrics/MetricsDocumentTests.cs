using System.Diagnostics.Metrics;
using IngressController.App;
using IngressController.App.Metrics;
using IngressController.App.Metrics.Text;
using IngressController.Certificates;
using IngressController.Certificates.Acme.Issuing;
using IngressController.Kubernetes;
using IngressController.Proxy;
using IngressController.Proxy.Limits;
using IngressController.Proxy.Listening;
using IngressController.Proxy.Observing;
using IngressController.Proxy.Streams;
using IngressController.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace IngressController.Unit.App.Metrics;

/// <summary>docs/metrics.md against the instruments that there are.</summary>
public sealed class MetricsDocumentTests
{
    [Fact]
    public void Every_instrument_has_its_row_and_every_row_its_instrument()
    {
        var rows = MetricsDocument.Rows.Values.Select(row => $"{row.Name} {row.Type} {row.Unit}".Trim());
        Assert.Equal(Instruments().Select(Shown).Distinct().Order(StringComparer.Ordinal), rows.Order(StringComparer.Ordinal));
    }

    /// <summary>The SDK keeps each series of an observed sum for as long as the program runs, until nothing more has a place; of a gauge it forgets what is not observed.</summary>
    [Fact]
    public void What_is_observed_and_goes_up_and_down_is_a_gauge() =>
        Assert.DoesNotContain(Instruments(), instrument => instrument.GetType().GetGenericTypeDefinition() == typeof(ObservableUpDownCounter<>));

    private static List<Instrument> Instruments()
    {
        using var services = new ServiceCollection()
            .AddProxy(_ => { })
            .AddSingleton<Standing>().AddSingleton<ConfigurationMetrics>().AddSingleton<KubernetesMetrics>().AddSingleton<CertificateMetrics>()
            .AddSingleton(provider => new CertificateStore(provider.GetRequiredService<TimeProvider>()))
            .AddSingleton(provider => new AcmeMetrics(provider.GetRequiredService<IMeterFactory>(), () => []))
            .BuildServiceProvider();
        var (factory, found) = (services.GetRequiredService<IMeterFactory>(), new List<Instrument>());
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, factory) && instrument.Meter.Name.StartsWith("ingress.", StringComparison.Ordinal))
            {
                found.Add(instrument);
            }
        };
        listener.Start();
        Type[] classes =
        [
            typeof(RequestCounting), typeof(RequestMetrics), typeof(DestinationMetrics), typeof(ConnectionMetrics), typeof(LimitMetrics), typeof(StreamMetrics),
            typeof(ConfigurationMetrics), typeof(KubernetesMetrics), typeof(CertificateMetrics), typeof(AcmeMetrics),
        ];
        Assert.All(classes, type => services.GetRequiredService(type));
        return found;
    }

    /// <summary>Name, type and unit as the table has them.</summary>
    private static string Shown(Instrument instrument)
    {
        var type = instrument.GetType().GetGenericTypeDefinition();
        var (isCounter, isHistogram) = (type == typeof(Counter<>) || type == typeof(ObservableCounter<>), type == typeof(Histogram<>));
        var name = MetricName.Of(instrument.Name, instrument.Unit ?? "", isCounter, !isCounter && !isHistogram);
        return $"{name.Family}{(isCounter ? "_total" : "")} {(isCounter ? "counter" : isHistogram ? "histogram" : "gauge")} {(name.Unit == "seconds" ? "s" : name.Unit)}".Trim();
    }
}
