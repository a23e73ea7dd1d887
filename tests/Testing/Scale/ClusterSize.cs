namespace IngressController.Testing.Scale;

/// <summary>How many objects a big cluster has.</summary>
/// <param name="Ingresses">Each has its hosts with three paths each, and one TLS Secret.</param>
/// <param name="Services">One in fifty has 255 endpoints in three slices, the others few in one.</param>
public sealed record ClusterSize(int Ingresses, int Services, int Endpoints, int TlsSecrets, int Namespaces, int HostsOfIngress = 2)
{
    /// <summary>MB that the program may take at most of a <see cref="Big"/> cluster, whatever changes.</summary>
    public const double MostMemory = 300;

    /// <summary>What the controller is held to.</summary>
    public static ClusterSize Big { get; } = new(Ingresses: 10_000, Services: 5_000, Endpoints: 50_000, TlsSecrets: 2_000, Namespaces: 200);

    /// <summary>The same with one host for each Ingress.</summary>
    public static ClusterSize OneHost { get; } = Big with { HostsOfIngress = 1 };
}
