using System.Text.Json.Nodes;
using IngressController.Kubernetes.Manifests.Documents;
using IngressController.Kubernetes.Manifests.Validation;

namespace IngressController.Testing.ApiServer.Writing;

/// <summary>status.loadBalancer of an Ingress (ValidateIngressLoadBalancerStatus).</summary>
internal static class StatusRules
{
    private static readonly FieldPath Addresses = FieldPath.Root.Child("status").Child("loadBalancer").Child("ingress");

    public static void Check(JsonObject ingress, FieldErrors errors)
    {
        foreach (var (index, address) in (ingress["status"]?["loadBalancer"]?["ingress"] as JsonArray ?? []).Index())
        {
            var path = Addresses.Index(index);
            if ((string?)address?["ip"] is { Length: > 0 } ip && AddressRules.Parse(ip) is null)
            {
                errors.Invalid(path.Child("ip"), ip, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
            }

            if ((string?)address?["hostname"] is { Length: > 0 } host)
            {
                errors.Invalid(path.Child("hostname"), host, NameRules.DnsSubdomain(host));
                errors.Invalid(path.Child("hostname"), host, AddressRules.Parse(host) is null ? [] : ["must be a DNS name, not an IP address"]);
            }
        }
    }
}
