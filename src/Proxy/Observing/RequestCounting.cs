using System.Diagnostics.Metrics;
using System.Net;
using IngressController.Proxy.Backends;

namespace IngressController.Proxy.Observing;

/// <summary>
/// Counts requests under all instruments, many together: for one alone everything that counts has to come back into the processor's caches, which costs more than the
/// counting. Those that wait for others are counted before anybody reads.
/// </summary>
internal sealed class RequestCounting
{
    private const int Together = 64;

    private readonly RequestMetrics requests;
    private readonly DestinationMetrics destinations;
    private readonly NginxMetrics nginx;
    private readonly ActiveRequests active = new();

    /// <summary>One for each processor, so that requests seldom wait for each other here.</summary>
    private readonly Waiting[] waiting;

    public RequestCounting(IMeterFactory factory, RequestMetrics requests, DestinationMetrics destinations, NginxMetrics nginx)
    {
        (this.requests, this.destinations, this.nginx) = (requests, destinations, nginx);
        waiting = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Waiting())];
        factory.Create(ProxyMeter.Name).CreateObservableGauge("ingress.active_requests", Observe, "{request}", "Requests that are under way, upgraded connections among them");
    }

    /// <summary>A route takes a request; <see cref="Finished"/> will be told of it.</summary>
    public void Begin(RouteNames names) => active.Begin(names);

    /// <param name="isExample">It is to be counted while its span is the current one.</param>
    public void Finished(in RequestRecord record, bool isExample)
    {
        if (!ReferenceEquals(record.Names, RouteNames.None))
        {
            ActiveRequests.End(record.Names);
        }

        if (isExample)
        {
            Count(record);
            return;
        }

        var mine = waiting[Thread.GetCurrentProcessorId() % waiting.Length];
        lock (mine.Gate)
        {
            mine.Add(record);
            if (mine.Count == Together)
            {
                Count(mine);
            }
        }
    }

    /// <summary>Whoever reads observes, before anything else is read.</summary>
    private IEnumerable<Measurement<int>> Observe()
    {
        foreach (var some in waiting)
        {
            lock (some.Gate)
            {
                Count(some);
            }
        }

        return active.Observe();
    }

    private void Count(Waiting all)
    {
        foreach (ref readonly var record in all.Take())
        {
            Count(record);
        }
    }

    private void Count(in RequestRecord record)
    {
        requests.Finished(record);
        destinations.Finished(record);
        nginx.Finished(record);
    }

    private sealed class Waiting
    {
        private readonly RequestRecord[] records = new RequestRecord[Together];

        public Lock Gate { get; } = new();

        public int Count { get; private set; }

        /// <summary>Without what is not counted, so that nothing of the request is kept alive.</summary>
        public void Add(in RequestRecord record) => records[Count++] = record with
        {
            Client = IPAddress.None,
            Host = "",
            Path = "",
            Target = "",
            Referer = null,
            UserAgent = null,
            User = "",
            RequestId = "",
            TraceId = "",
        };

        public ReadOnlySpan<RequestRecord> Take()
        {
            var taken = records.AsSpan(0, Count);
            Count = 0;
            return taken;
        }
    }
}
