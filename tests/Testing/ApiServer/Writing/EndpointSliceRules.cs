using System.Net;
using System.Text.Json.Nodes;
using IngressController.Kubernetes.Manifests.Documents;
using IngressController.Kubernetes.Manifests.Validation;

namespace IngressController.Testing.ApiServer.Writing;

/// <summary>What a directory of manifests may have and a cluster may not: endpoints on the server's own machine (ValidateNonSpecialIP).</summary>
internal static class EndpointSliceRules
{
    public static void Check(JsonObject slice, FieldErrors errors)
    {
        foreach (var (index, endpoint) in (slice["endpoints"] as JsonArray ?? []).Index())
        {
            foreach (var (position, item) in (endpoint?["addresses"] as JsonArray ?? []).Index())
            {
                if (IPAddress.TryParse((string?)item, out var address) && Flaw(address) is { } flaw)
                {
                    errors.Invalid(FieldPath.Root.Child("endpoints").Index(index).Child("addresses").Index(position), (string)item!, flaw);
                }
            }
        }
    }

    private static string? Flaw(IPAddress address) =>
        IPAddress.IsLoopback(address) ? "may not be in the loopback range (127.0.0.0/8, ::1/128)"
        : address.IsIPv6LinkLocal || address.GetAddressBytes() is [169, 254, _, _] ? "may not be in the link-local range (169.254.0.0/16, fe80::/10)"
        : null;
}
