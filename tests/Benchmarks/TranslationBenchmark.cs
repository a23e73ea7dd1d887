using BenchmarkDotNet.Attributes;
using IngressController.Testing;

namespace IngressController.Benchmarks;

/// <summary>One change in a cluster of some size: from the event to the new route table.</summary>
[MemoryDiagnoser]
public class TranslationBenchmark
{
    private RoutingRoom room = null!;
    private int round;

    [Params(100, 10_000)]
    public int Hosts { get; set; }

    [GlobalSetup]
    public void Build() => room = World.Build(Hosts);

    [Benchmark]
    public void OneEndpointGoesOrComes() => room.Apply(World.Slice(7, endpoints: 10 - (++round % 2)));

    [Benchmark]
    public void OneIngressChanges() => room.Apply(World.Ingress(7, path: $"/api{++round % 2}"));
}
