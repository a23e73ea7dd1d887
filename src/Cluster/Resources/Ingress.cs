namespace IngressController.Cluster.Resources;

/// <summary>networking.k8s.io/v1 Ingress.</summary>
/// <param name="Addresses">status.loadBalancer.ingress</param>
/// <param name="StatusManager">Who wrote the addresses, by metadata.managedFields; null where that is not known.</param>
public sealed record Ingress(
    Metadata Metadata,
    string? ClassName,
    IngressBackend? DefaultBackend,
    EquatableArray<IngressRule> Rules,
    EquatableArray<IngressTls> Tls,
    EquatableArray<LoadBalancerAddress> Addresses,
    string? StatusManager = null) : IResource
{
    public ResourceKey Key => new(ResourceKind.Ingress, Metadata.Name);
}

/// <param name="Host">Null or empty: any host.</param>
/// <param name="Paths">Empty where the rule has no <c>http</c>: then the rule only declares the host.</param>
public sealed record IngressRule(string? Host, EquatableArray<IngressPath> Paths);

public enum PathType
{
    ImplementationSpecific,
    Exact,
    Prefix,
}

/// <param name="PathType">Null where it is absent or unknown: such objects can be stored although they no longer pass validation.</param>
public sealed record IngressPath(string? Path, PathType? PathType, IngressBackend? Backend);

/// <summary>Exactly one of the two is set in a valid object.</summary>
public sealed record IngressBackend(ServiceBackend? Service, TypedReference? Resource);

public sealed record ServiceBackend(string Name, PortReference Port);

/// <summary>A Service port by name or, where the name is null, by number.</summary>
public readonly record struct PortReference(string? Name, int Number)
{
    /// <summary>The Service's first port; no valid Ingress can say this, the flag <c>--default-backend-service</c> can.</summary>
    public static PortReference First => default;

    public override string ToString() => Name ?? Number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>A reference to an object of any kind in the same namespace.</summary>
public sealed record TypedReference(string? ApiGroup, string Kind, string Name);

public sealed record IngressTls(EquatableArray<string> Hosts, string? SecretName);

/// <summary>One entry of status.loadBalancer.ingress, of an Ingress or a Service.</summary>
/// <param name="Ports">For people: no port is open because it is listed, or closed because it is not.</param>
public sealed record LoadBalancerAddress(string? Ip, string? Hostname, EquatableArray<LoadBalancerPort> Ports = default);

/// <param name="Error">A cloud provider's word for why the port does not work; null where it does.</param>
public sealed record LoadBalancerPort(int Port, string Protocol, string? Error);
