using System.Text.Json.Nodes;

namespace IngressController.Testing.ApiServer.Writing;

/// <summary>RFC 7396.</summary>
internal static class MergePatch
{
    public static JsonNode? Apply(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject fields)
        {
            return patch?.DeepClone();
        }

        var merged = target is JsonObject existing ? existing.DeepClone().AsObject() : [];
        foreach (var (name, value) in fields)
        {
            if (value is null)
            {
                merged.Remove(name);
            }
            else
            {
                merged[name] = Apply(merged[name], value);
            }
        }

        return merged;
    }
}
