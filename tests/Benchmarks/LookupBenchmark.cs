using BenchmarkDotNet.Attributes;
using IngressController.Routing.Matching;
using IngressController.Testing;

namespace IngressController.Benchmarks;

/// <summary>From Host and target to the route, over 4,096 requests to hosts in no order.</summary>
[MemoryDiagnoser]
public class LookupBenchmark
{
    private const int Requests = 4096;
    private readonly string[] requested = new string[Requests];
    private RoutingRoom room = null!;

    [Params(1, 10_000)]
    public int Hosts { get; set; }

    [GlobalSetup]
    public void Build()
    {
        room = World.Build(Hosts);
        var random = new Random(1);
        for (var index = 0; index < Requests; index++)
        {
            requested[index] = World.Host(random.Next(Hosts));
        }
    }

    [Benchmark(OperationsPerInvoke = Requests)]
    public int Match()
    {
        var found = 0;
        foreach (var host in requested)
        {
            room.Table.Match(host, "/api/orders/17?page=2", out var match);
            found += match.Kind == MatchKind.Path ? 1 : 0;
        }

        return found;
    }
}
