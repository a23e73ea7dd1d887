using System.Globalization;
using System.Text.Json.Nodes;
using IngressController.Kubernetes.Manifests.Documents;
using IngressController.Kubernetes.Manifests.Validation;
using IngressController.Testing.ApiServer.Storage;

namespace IngressController.Testing.ApiServer.Writing;

/// <summary>The addresses that a Service gets once and keeps while it has a type that needs them (pkg/registry/core/service/storage).</summary>
internal static class ServiceAddresses
{
    private static readonly string[] Allocated = ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"];

    /// <summary>What an update does not say stays (patchAllocatedValues).</summary>
    public static void Keep(JsonObject after, JsonObject before)
    {
        var (wanted, had) = (after["spec"]!.AsObject(), before["spec"]!.AsObject());
        var isSame = (string?)wanted["clusterIP"] is null or "" || (string?)wanted["clusterIP"] == (string?)had["clusterIP"];
        foreach (var field in Allocated.Where(field => NeedsAddress(wanted) && NeedsAddress(had) && isSame && had[field] is not null))
        {
            if (wanted[field] is null or JsonArray { Count: 0 } || (wanted[field] is JsonValue text && (string?)text == ""))
            {
                wanted[field] = had[field]!.DeepClone();
            }
        }
    }

    /// <summary>The next free address is as good as the real allocator's random one.</summary>
    public static void Allocate(JsonObject service, Revision latest)
    {
        var spec = service["spec"]!.AsObject();
        if (!NeedsAddress(spec))
        {
            return;
        }

        var address = (string?)spec["clusterIP"] is { Length: > 0 } given ? given
            : string.Create(CultureInfo.InvariantCulture, $"10.96.{latest.Number / 256 % 256}.{latest.Number % 256}");
        spec["clusterIP"] = address;
        spec["clusterIPs"] ??= new JsonArray(address);
        spec["ipFamilies"] ??= new JsonArray("IPv4");
        spec["ipFamilyPolicy"] ??= "SingleStack";
    }

    public static void Check(JsonObject after, JsonObject? before, FieldErrors errors)
    {
        if (before?["spec"] is JsonObject had && after["spec"] is JsonObject wanted && NeedsAddress(had) && NeedsAddress(wanted) && (string?)had["clusterIP"] != (string?)wanted["clusterIP"])
        {
            errors.Invalid(FieldPath.Root.Child("spec").Child("clusterIPs").Index(0), (string?)wanted["clusterIP"] ?? "", "may not change once set");
        }
    }

    private static bool NeedsAddress(JsonObject spec) => (string?)spec["type"] != "ExternalName";
}
