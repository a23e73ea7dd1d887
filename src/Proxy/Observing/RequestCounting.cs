using System.Diagnostics.Metrics;
using System.Net;
using IngressController.Proxy.Backends;

namespace IngressController.Proxy.Observing;

/// <summary>
/// Counts requests under all instruments, many together: for one alone everything that counts has to come back into the processor's caches, which costs more than the
/// counting; and of those that are alike only the sum is counted. Those that wait for others are counted before anybody reads.
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
            Take(record);
            Count(record, new(1, record.RequestBytes, record.Bytes));
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
        var records = all.Take();
        Span<int> kinds = stackalloc int[Together]; // the first of each
        Span<RequestSum> sums = stackalloc RequestSum[Together];
        var count = 0;
        for (var index = 0; index < records.Length; index++)
        {
            ref readonly var record = ref records[index];
            Take(record);
            var kind = 0;
            while (kind < count && !AreAlike(records[kinds[kind]], record))
            {
                kind++;
            }

            if (kind == count)
            {
                (kinds[count], sums[count]) = (index, default);
                count++;
            }

            ref var sum = ref sums[kind];
            sum = new(sum.Requests + 1, sum.RequestBytes + record.RequestBytes, sum.Bytes + record.Bytes);
        }

        for (var kind = 0; kind < count; kind++)
        {
            Count(records[kinds[kind]], sums[kind]);
        }
    }

    /// <summary>What is counted of each by itself.</summary>
    private void Take(in RequestRecord record)
    {
        requests.Took(record);
        nginx.Finished(record);
    }

    private void Count(in RequestRecord alike, in RequestSum sum)
    {
        requests.Count(alike, sum);
        destinations.Finished(alike, sum.Requests);
    }

    /// <summary>They have the same labels. Words of reasons and names of routes are the same objects where they are the same.</summary>
    private static bool AreAlike(in RequestRecord one, in RequestRecord other) =>
        ReferenceEquals(one.Names, other.Names) && one.Status == other.Status && one.Last.Status == other.Last.Status && ReferenceEquals(one.Reason, other.Reason)
        && one.Last.Destination == other.Last.Destination && one.RouteHost == other.RouteHost && one.Earlier.IsEmpty && other.Earlier.IsEmpty;

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

/// <summary>What requests that are alike come to.</summary>
internal readonly record struct RequestSum(int Requests, long RequestBytes, long Bytes);
