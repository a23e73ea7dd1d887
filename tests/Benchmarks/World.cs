using IngressController.Cluster.Resources;
using IngressController.Testing;

namespace IngressController.Benchmarks;

/// <summary>A cluster of some size: one Ingress a host with three paths, one Service for every two hosts, ten endpoints a Service.</summary>
internal static class World
{
    public static RoutingRoom Build(int hosts) => RoutingRoom.With(Enumerable.Range(0, hosts).SelectMany(Objects));

    public static Ingress Ingress(int index, string path = "/api") =>
        Make.Ingress($"ns{index % 100}/web{index}").WithRule(Host(index), $"Prefix / {Service(index)}:80", $"Prefix {path} {Service(index)}:80", $"Exact /health {Service(index)}:80");

    public static EndpointSlice Slice(int index, int endpoints = 10) =>
        Make.Slice($"ns{index % 100}/{Service(index)}", "8080", [.. Enumerable.Range(1, endpoints).Select(last => $"10.{index >> 8}.{index & 255}.{last}")]);

    public static string Host(int index) => $"host{index}.example.com";

    private static IEnumerable<IResource> Objects(int index) =>
        [Ingress(index), Make.Service($"ns{index % 100}/{Service(index)}", "80"), Slice(index)];

    private static string Service(int index) => $"svc{index / 2}";
}
