using IngressController.Cluster;
using IngressController.Cluster.Resources;

namespace IngressController.Routing.Translation;

/// <summary>Which Ingresses are ours, and what the flags say about translating them.</summary>
public sealed record TranslationOptions
{
    /// <summary>IngressClasses with one of these in <c>spec.controller</c> are ours.</summary>
    public EquatableArray<string> ControllerNames { get; init; } = ["yarp.ingress.kubernetes.io/controller"];

    /// <summary>The value of the legacy annotation <c>kubernetes.io/ingress.class</c> that means us.</summary>
    public string IngressClass { get; init; } = "yarp";

    /// <summary>Ingresses without any class are ours too.</summary>
    public bool WatchIngressWithoutClass { get; init; }

    /// <summary>Answers what no Ingress answers. </summary>
    public DefaultBackendService? DefaultBackendService { get; init; }

    /// <summary>Services of type ExternalName may be backends.</summary>
    public bool AllowExternalNames { get; init; }

    /// <summary>An externalName may mean this machine: so in directory mode, never in a cluster.</summary>
    public bool AllowLocalTargets { get; init; }

    /// <summary>The certificate of hosts that have none of their own; null: one that the program makes.</summary>
    public NamespacedName? DefaultTlsSecret { get; init; }

    /// <summary>Requests in cleartext are redirected where TLS is asked for, unless the Ingress says otherwise.</summary>
    public bool RedirectsToHttps { get; init; } = true;

    /// <summary>The value of Strict-Transport-Security where the Ingress says nothing; null: no such header.</summary>
    public string? StrictTransportSecurity { get; init; }

    /// <summary>The ConfigMap of TCP services; null: there are none.</summary>
    public NamespacedName? TcpServices { get; init; }

    /// <summary>The ConfigMap of UDP services; null: there are none.</summary>
    public NamespacedName? UdpServices { get; init; }

    /// <summary>TCP ports that the program itself listens on.</summary>
    public EquatableArray<int> OwnPorts { get; init; }

    /// <summary>The node this replica runs on, for topology hints; null: unknown.</summary>
    public string? NodeName { get; init; }

    /// <summary>The zone this replica runs in, for topology hints; null: unknown.</summary>
    public string? Zone { get; init; }
}

/// <summary>The value of <c>--default-backend-service</c>: <c>NS/NAME[:PORT]</c>, with <see cref="PortReference.First"/> where the port is absent.</summary>
public sealed record DefaultBackendService(NamespacedName Service, PortReference Port);
