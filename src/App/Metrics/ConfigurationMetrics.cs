using System.Diagnostics.Metrics;
using IngressController.Cluster;
using IngressController.Cluster.Resources;

namespace IngressController.App.Metrics;

/// <summary>What is configured, and how long news take until they are served.</summary>
internal sealed class ConfigurationMetrics
{
    public const string MeterName = "ingress.controller";

    private static readonly InstrumentAdvice<double> Buckets = new() { HistogramBucketBoundaries = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] };

    private readonly Standing standing;
    private readonly TimeProvider time;
    private readonly DateTimeOffset started;
    private readonly Histogram<double> translateDuration;
    private readonly Histogram<double> applyDuration;
    private readonly Histogram<double> eventToServed;
    private readonly Counter<long> failures;
    private long successCount;
    private long failureCount;
    private volatile bool isFailing;
    private volatile CountedProblems problems = new(null, []);

    public ConfigurationMetrics(IMeterFactory factory, Standing standing, TimeProvider time)
    {
        (this.standing, this.time, started) = (standing, time, time.GetUtcNow());
        var meter = factory.Create(MeterName);
        meter.CreateObservableGauge("ingress.objects", ObserveObjects, "{object}", "Objects that have been read, by kind");
        meter.CreateObservableGauge("ingress.problems", ObserveProblems, "{problem}", "Problems that stand, by code and severity");
        meter.CreateObservableGauge("ingress.snapshot.age", ObserveAge, "s", "Time since what is served has changed");
        translateDuration = meter.CreateHistogram("ingress.translate.duration", "s", "To work out what news mean", null, Buckets);
        applyDuration = meter.CreateHistogram("ingress.apply.duration", "s", "To make that live", null, Buckets);
        failures = meter.CreateCounter<long>("ingress.apply.failures", "{failure}", "News that could not be made live; what was served before stays");
        eventToServed = meter.CreateHistogram(
            "ingress.event_to_served.duration", "s", "From news, or from the change that an EndpointSlice follows from, until it is served", null, Buckets);
    }

    /// <summary>The last change could not be made live, so far.</summary>
    public bool IsFailing => isFailing;

    /// <summary>Changes that were made live, from the beginning on.</summary>
    public long Successes => Interlocked.Read(ref successCount);

    /// <summary>Those that could not be.</summary>
    public long Failures => Interlocked.Read(ref failureCount);

    public long Now => time.GetTimestamp();

    /// <summary>A change is live.</summary>
    /// <param name="began">When it was taken, as <see cref="Now"/>.</param>
    /// <param name="translated">When it was known what it means.</param>
    public void Applied(ClusterChange change, long began, long translated)
    {
        translateDuration.Record(time.GetElapsedTime(began, translated).TotalSeconds);
        Interlocked.Increment(ref successCount);
        isFailing = false;
        applyDuration.Record(time.GetElapsedTime(translated).TotalSeconds);
        var now = time.GetUtcNow();
        foreach (var key in change.Changed)
        {
            // What happened before our start says how long we were away, not how quick we are.
            if (key.Kind == ResourceKind.EndpointSlice && change.Snapshot.EndpointSlices.GetValueOrDefault(key.Name) is { Trigger.At: var at } && at >= started)
            {
                Served(now - at, "last-change-trigger-time");
            }
        }
    }

    /// <summary>News of a source are served.</summary>
    /// <param name="came">As <see cref="SourceUpdate.Came"/>.</param>
    public void Served(long came) => Served(time.GetElapsedTime(came), "watch");

    public void Failed()
    {
        failures.Add(1);
        Interlocked.Increment(ref failureCount);
        isFailing = true;
    }

    /// <summary>Clocks of two machines differ, so that it may seem to be served before it happened.</summary>
    private void Served(TimeSpan after, string origin) =>
        eventToServed.Record(Math.Max(0, after.TotalSeconds), new KeyValuePair<string, object?>("origin", origin));

    private IEnumerable<Measurement<int>> ObserveObjects()
    {
        var snapshot = standing.Now.Snapshot;
        return
        [
            Count(ResourceKind.Ingress, snapshot.Ingresses.Count),
            Count(ResourceKind.IngressClass, snapshot.IngressClasses.Count),
            Count(ResourceKind.Service, snapshot.Services.Count),
            Count(ResourceKind.EndpointSlice, snapshot.EndpointSlices.Count),
            Count(ResourceKind.Secret, snapshot.Secrets.Count),
            Count(ResourceKind.ConfigMap, snapshot.ConfigMaps.Count),
            Count(ResourceKind.Namespace, snapshot.Namespaces.Count),
        ];

        static Measurement<int> Count(ResourceKind kind, int count) => new(count, new KeyValuePair<string, object?>("kind", kind.ToString()));
    }

    /// <summary>Counted once for each list: collecting tens of thousands takes time.</summary>
    private IEnumerable<Measurement<int>> ObserveProblems()
    {
        var (known, list) = (problems, standing.Now.Problems);
        if (list is null || ReferenceEquals(known.List, list))
        {
            return known.Counts;
        }

        var counts = from problem in list.All
                     group problem by (problem.Code, problem.Severity) into same
                     select new Measurement<int>(same.Count(), new("code", same.Key.Code.ToString()), new("severity", same.Key.Severity == Severity.Error ? "error" : "warning"));
        return (problems = new(list, [.. counts])).Counts;
    }

    private IEnumerable<Measurement<double>> ObserveAge() =>
        standing.Now is { Translation: not null, AppliedAt: var at } ? [new((time.GetUtcNow() - at).TotalSeconds)] : [];

    private sealed class CountedProblems(ProblemList? list, Measurement<int>[] counts)
    {
        public ProblemList? List => list;

        public Measurement<int>[] Counts => counts;
    }
}
