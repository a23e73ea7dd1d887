using System.Text.Json.Nodes;
using IngressController.Testing.ApiServer.Storage;

namespace IngressController.Testing.ApiServer.Writing;

/// <summary>Who wrote which fields: noise that every real object carries, and that a client must not keep.</summary>
internal static class ManagedFields
{
    /// <summary>These say nothing about an owner.</summary>
    private static readonly string[] Unowned =
        ["kind", "apiVersion", "name", "namespace", "uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp", "managedFields"];

    /// <summary>Maps that are owned as one.</summary>
    private static readonly string[] Atomic = ["regarding", "related"];

    /// <param name="written">The object as its writer wants it.</param>
    /// <param name="before">As it was; null for a new one.</param>
    public static void Record(ApiResource resource, JsonObject written, JsonObject? before, string manager, string subresource, string time)
    {
        var owners = before?["metadata"]?["managedFields"]?.DeepClone().AsArray() ?? [];
        var fields = Changed(written, before);
        if (fields.Count > 0)
        {
            var mine = owners.FirstOrDefault(owner => (string?)owner!["manager"] == manager && ((string?)owner["subresource"] ?? "") == subresource);
            owners.Remove(mine);
            var entry = new JsonObject
            {
                ["manager"] = manager,
                ["operation"] = "Update",
                ["apiVersion"] = resource.ApiVersion,
                ["time"] = time,
                ["fieldsType"] = "FieldsV1",
                ["fieldsV1"] = MergePatch.Apply(mine?["fieldsV1"], fields),
            };
            if (subresource.Length > 0)
            {
                entry["subresource"] = subresource;
            }

            owners.Add(entry);
        }

        written["metadata"]!["managedFields"] = owners;
    }

    private static JsonObject Changed(JsonObject after, JsonObject? before)
    {
        var fields = new JsonObject();
        foreach (var (name, value) in after)
        {
            var old = before?[name];
            if (value is null || Unowned.Contains(name) || JsonNode.DeepEquals(value, old))
            {
                continue;
            }

            var inner = value is JsonObject map && !Atomic.Contains(name) ? Changed(map, old as JsonObject) : [];
            if (name is "annotations" or "labels" && old is null)
            {
                inner.Insert(0, ".", new JsonObject());
            }

            if (value is not JsonObject || inner.Count > 0 || Atomic.Contains(name))
            {
                fields[$"f:{name}"] = inner;
            }
        }

        return fields;
    }
}
