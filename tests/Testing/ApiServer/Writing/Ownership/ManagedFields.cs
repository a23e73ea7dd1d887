using System.Text.Json.Nodes;
using IngressController.Testing.ApiServer.Storage;

namespace IngressController.Testing.ApiServer.Writing.Ownership;

/// <summary>Who writes, through which subresource.</summary>
/// <param name="Manager">The query's fieldManager, else the first word of the user agent.</param>
internal sealed record FieldOwner(string Manager, string Subresource = "");

/// <summary>metadata.managedFields of writes that are no server-side apply (apimachinery's managedfields).</summary>
internal static class ManagedFields
{
    /// <summary>A writer owns what it changed and nobody else does any more; who owns nothing is forgotten.</summary>
    /// <param name="written">The object as its writer wants it.</param>
    /// <param name="before">As it was; null for a new one.</param>
    public static void Record(ApiResource resource, JsonObject written, JsonObject? before, FieldOwner owner, string time)
    {
        var (old, now) = (Owned(resource, before ?? []), Owned(resource, written));
        var changed = now.Where(field => old.GetValueOrDefault(field.Key) != field.Value).Select(field => field.Key).ToHashSet();
        var removed = old.Keys.Where(path => !now.ContainsKey(path)).ToHashSet();
        var entries = new List<JsonObject>();
        var mine = new HashSet<string>(changed);
        foreach (var entry in before?["metadata"]?["managedFields"]?.AsArray().Select(item => item!.DeepClone().AsObject()) ?? [])
        {
            var owned = FieldPaths.Read(entry["fieldsV1"]!.AsObject()).ToHashSet();
            owned.ExceptWith(removed);
            if (changed.Count > 0 && IsOf(entry, owner))
            {
                mine.UnionWith(owned);
                continue;
            }

            owned.ExceptWith(changed);
            entry["fieldsV1"] = FieldPaths.Write(owned);
            entries.AddRange(owned.Count > 0 ? [entry] : []);
        }

        entries.AddRange(changed.Count > 0 ? [Entry(resource, owner, time, mine)] : []);
        written["metadata"]!.AsObject().Remove("managedFields");
        if (entries.Count > 0)
        {
            written["metadata"]!["managedFields"] = new JsonArray([.. InOrder(entries)]);
        }
    }

    private static bool IsOf(JsonObject entry, FieldOwner owner) => TextOf(entry, "manager") == owner.Manager && TextOf(entry, "subresource") == owner.Subresource;

    private static JsonObject Entry(ApiResource resource, FieldOwner owner, string time, HashSet<string> fields)
    {
        var entry = new JsonObject
        {
            ["manager"] = owner.Manager,
            ["operation"] = "Update",
            ["apiVersion"] = resource.ApiVersion,
            ["time"] = time,
            ["fieldsType"] = "FieldsV1",
            ["fieldsV1"] = FieldPaths.Write(fields),
        };
        if (owner.Subresource.Length > 0)
        {
            entry["subresource"] = owner.Subresource;
        }

        return entry;
    }

    private static IEnumerable<JsonObject> InOrder(IEnumerable<JsonObject> entries) => entries
        .OrderBy(entry => TextOf(entry, "time"), StringComparer.Ordinal)
        .ThenBy(entry => TextOf(entry, "manager"), StringComparer.Ordinal)
        .ThenBy(entry => TextOf(entry, "subresource"), StringComparer.Ordinal);

    /// <summary>Without the maps that every object of the kind has, filled or not: nobody has put them there.</summary>
    private static Dictionary<string, string> Owned(ApiResource resource, JsonObject body)
    {
        var fields = FieldPaths.Of(body);
        var zero = JsonNode.Parse($$"""{"metadata":{}{{(resource.Zero.Length > 0 ? "," : "")}}{{resource.Zero}}}""")!.AsObject();
        foreach (var path in FieldPaths.Of(zero).Keys.Where(path => fields.GetValueOrDefault(path) == ""))
        {
            fields.Remove(path);
        }

        return fields;
    }

    private static string TextOf(JsonObject entry, string field) => (string?)entry[field] ?? "";
}
