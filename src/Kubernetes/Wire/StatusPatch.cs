using System.Text.Json;
using System.Text.Json.Serialization;

namespace IngressController.Kubernetes.Wire;

/// <summary>The merge patch of an Ingress's status.</summary>
internal sealed record StatusPatch(PatchedMeta Metadata, PatchedStatus Status);

/// <summary>What the object must be for the patch to be taken.</summary>
/// <param name="Uid">Null: any.</param>
/// <param name="ResourceVersion">Null: whatever it says by now.</param>
internal sealed record PatchedMeta(string? Uid, string? ResourceVersion = null);

internal sealed record PatchedStatus(PatchedLoadBalancer LoadBalancer);

/// <param name="Ingress">The whole list; null removes it.</param>
internal sealed record PatchedLoadBalancer([property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] List<JsonElement>? Ingress);

/// <summary>One entry of the list, as this controller writes it.</summary>
internal sealed record StatusEntry(string? Ip, string? Hostname, List<StatusPort>? Ports);

internal sealed record StatusPort(int Port, string Protocol, string? Error);

/// <summary>An Ingress of which only the status matters, with the entries of others as they stand.</summary>
internal sealed record IngressStatusView
{
    public ViewedMeta? Metadata { get; init; }

    public ViewedStatus? Status { get; init; }
}

internal sealed record ViewedMeta(string? Uid, string? ResourceVersion, StatusOwner? ManagedFields);

internal sealed record ViewedStatus(ViewedLoadBalancer? LoadBalancer);

internal sealed record ViewedLoadBalancer(List<JsonElement>? Ingress);
