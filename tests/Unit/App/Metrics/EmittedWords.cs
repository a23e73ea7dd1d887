using System.Diagnostics.Metrics;
using System.Net;
using IngressController.App;
using IngressController.App.Metrics;
using IngressController.App.Metrics.Text;
using IngressController.Certificates;
using IngressController.Certificates.Acme.Issuing;
using IngressController.Cluster;
using IngressController.Kubernetes;
using IngressController.Proxy;
using IngressController.Proxy.Limits;
using IngressController.Proxy.Observing;
using IngressController.Routing.Model;
using IngressController.Routing.Translation;
using Microsoft.Extensions.DependencyInjection;

namespace IngressController.Unit.App.Metrics;

/// <summary>The values that the program gives to labels with closed sets of them, each made to be told once.</summary>
internal static class EmittedWords
{
    /// <summary>By metric, as Prometheus shows it, and label.</summary>
    public static ILookup<(string Metric, string Label), string> All()
    {
        using var services = new ServiceCollection()
            .AddProxy(_ => { })
            .AddSingleton<Standing>().AddSingleton<ConfigurationMetrics>().AddSingleton<KubernetesMetrics>()
            .AddSingleton(provider => new AcmeMetrics(provider.GetRequiredService<IMeterFactory>(), () => []))
            .BuildServiceProvider();
        var (factory, found) = (services.GetRequiredService<IMeterFactory>(), new HashSet<(string Metric, string Label, string Word)>());
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, factory))
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<int>((instrument, _, tags, _) => Take(found, instrument, tags));
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Take(found, instrument, tags));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Take(found, instrument, tags));
        listener.Start();
        Tell(services);
        listener.RecordObservableInstruments();
        found.UnionWith(TelemetryIdentity.Here.Attributes.Select(attribute => ("target_info", MetricName.OfLabel(attribute.Key), (string)attribute.Value)));
        return found.ToLookup(word => (word.Metric, word.Label), word => word.Word);
    }

    private static void Tell(ServiceProvider services)
    {
        Array.ForEach(Enum.GetValues<Limit>(), services.GetRequiredService<LimitMetrics>().Hit);
        var kubernetes = services.GetRequiredService<KubernetesMetrics>();
        Array.ForEach(Enum.GetValues<WatchEnd>(), reason => kubernetes.WatchRestarts(ResourceKind.Ingress, reason));
        services.GetRequiredService<AcmeMetrics>();
        foreach (var (status, answered) in (IEnumerable<(int, int)>)[(100, 0), (200, 200), (300, 300), (400, 400), (499, 0), (500, 500), (502, 0)])
        {
            var record = new RequestRecord { Time = DateTimeOffset.UnixEpoch, Client = IPAddress.Loopback, Status = status, Last = new("10.0.0.7:80", answered, 0, TimeSpan.Zero) };
            services.GetRequiredService<RequestMetrics>().Took(record);
            services.GetRequiredService<RequestMetrics>().Count(record, new(1, 1, 1));
            services.GetRequiredService<DestinationMetrics>().Finished(record);
        }

        Serve(services.GetRequiredService<DataPlane>());
        services.GetRequiredService<ConfigurationMetrics>();
        var problems = from code in Enum.GetValues<ProblemCode>()
                       from severity in Enum.GetValues<Severity>()
                       select new Problem(code, severity, null, "", "");
        var translation = Translation.Start(new());
        services.GetRequiredService<Standing>().Note(ClusterSnapshot.Empty, translation, new([.. problems], translation, CertificateProblems.None), DateTimeOffset.UnixEpoch);
    }

    private static void Serve(DataPlane dataPlane)
    {
        var (key, destination) = (new BackendKey(new("shop", "web"), new(null, 80), UpstreamPolicy.Default), new Destination("10.0.0.7", 80));
        var passedOver = Enum.GetValues<PassedOverReason>().Select(why => new PassedOverEndpoint(destination, null, why)).ToEquatableArray();
        var model = RoutingModel.Empty with { Backends = RoutingModel.Empty.Backends.SetItem(key, new(key, BackendProtocol.Http, [destination], null, null, [], passedOver)) };
        dataPlane.Apply(new(model, [], [key]));
    }

    private static void Take(HashSet<(string Metric, string Label, string Word)> found, Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var isCounter = instrument is Counter<long>;
        var metric = $"{MetricName.Of(instrument.Name, instrument.Unit ?? "", isCounter, !isCounter).Family}{(isCounter ? "_total" : "")}";
        foreach (var tag in tags)
        {
            found.Add((metric, MetricName.OfLabel(tag.Key), $"{tag.Value}"));
        }
    }
}
