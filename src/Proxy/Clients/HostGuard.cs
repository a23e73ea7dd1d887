namespace IngressController.Proxy.Clients;

/// <summary>What keeps requests from a host's routes unless they come in the right way.</summary>
/// <param name="Clients">Null: clients are not asked for certificates. Hosts with equal settings have the same object.</param>
/// <param name="IsPassedThrough">TLS ends at the backend, so no request comes in here by TLS.</param>
internal sealed record HostGuard(ClientPolicy? Clients, bool IsPassedThrough)
{
    public static HostGuard None { get; } = new(null, false);
}
