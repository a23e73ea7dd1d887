using System.Text.Json.Nodes;

namespace IngressController.Testing.ApiServer.Writing.Ownership;

/// <summary>The fields of an object that can have an owner, each by its path; and sets of them as <c>fieldsV1</c> has them (structured-merge-diff's fieldpath).</summary>
/// <remarks>The elements of a path stand between line feeds: <c>f:NAME</c>, <c>k:{KEYS}</c> of a list's item, <c>v:VALUE</c> of a set's.</remarks>
internal static class FieldPaths
{
    private const char Separator = '\n';

    /// <summary>metadata that says nothing about an owner.</summary>
    private static readonly HashSet<string> Unowned = [.. new[] { "name", "namespace", "uid", "resourceVersion", "generation", "creationTimestamp", "managedFields" }.Select(name => $"f:metadata{Separator}f:{name}")];

    /// <summary>Maps that are owned as one.</summary>
    private static readonly HashSet<string> AtomicMaps = ["f:regarding", "f:related", $"f:spec{Separator}f:selector"];

    /// <summary>Lists whose items are owned one by one, and the fields that tell them apart. All others are owned as one.</summary>
    private static readonly Dictionary<string, string[]> Keyed = new(StringComparer.Ordinal)
    {
        [$"f:metadata{Separator}f:ownerReferences"] = ["uid"],
        [$"f:spec{Separator}f:ports"] = ["port", "protocol"],
        [$"f:status{Separator}f:conditions"] = ["type"],
    };

    /// <returns>Each path with its value as JSON; with nothing where only what is inside has a value.</returns>
    /// <param name="body">Without kind and apiVersion.</param>
    public static Dictionary<string, string> Of(JsonObject body)
    {
        var paths = new Dictionary<string, string>(StringComparer.Ordinal);
        AddFields(body, "", paths);
        return paths;
    }

    public static IEnumerable<string> Read(JsonObject fieldsV1, string path = "") => fieldsV1.SelectMany(field =>
    {
        var (inner, child) = (field.Value!.AsObject(), Under(path, field.Key));
        return field.Key == "." ? [path] : inner.Count == 0 ? [child] : Read(inner, child);
    });

    public static JsonObject Write(IReadOnlyCollection<string> paths)
    {
        var root = new JsonObject();
        foreach (var path in paths.Order(StringComparer.Ordinal))
        {
            var at = root;
            foreach (var element in path.Split(Separator))
            {
                at = (at[element] ??= new JsonObject()).AsObject();
            }
        }

        foreach (var path in paths.Where(path => paths.Any(other => other.StartsWith(path + Separator, StringComparison.Ordinal))))
        {
            path.Split(Separator).Aggregate(root, (at, element) => at[element]!.AsObject()).Insert(0, ".", new JsonObject());
        }

        return root;
    }

    private static void AddFields(JsonObject map, string path, Dictionary<string, string> paths)
    {
        foreach (var (name, value) in map.Where(field => field.Value is not null))
        {
            var child = Under(path, $"f:{name}");
            if (!Unowned.Contains(child))
            {
                Add(value!, child, paths);
            }
        }
    }

    private static void Add(JsonNode value, string path, Dictionary<string, string> paths)
    {
        switch (value)
        {
            case JsonObject { Count: > 0 } map when !AtomicMaps.Contains(path):
                paths[path] = "";
                AddFields(map, path, paths);
                break;
            case JsonArray { Count: > 0 } list when Keyed.TryGetValue(path, out var keys):
                paths[path] = "";
                foreach (var item in list.OfType<JsonObject>())
                {
                    var element = Under(path, $"k:{new JsonObject(keys.Where(item.ContainsKey).Select(key => KeyValuePair.Create(key, item[key]?.DeepClone()))).ToJsonString()}");
                    AddItem(item, element, paths);
                }

                break;
            case JsonArray { Count: > 0 } list when path == $"f:metadata{Separator}f:finalizers":
                paths[path] = "";
                list.ToList().ForEach(item => paths[Under(path, $"v:{item!.ToJsonString()}")] = "");
                break;
            default:
                paths[path] = value is JsonObject { Count: 0 } ? "" : value.ToJsonString();
                break;
        }
    }

    /// <summary>An owner reference is owned as one.</summary>
    private static void AddItem(JsonObject item, string path, Dictionary<string, string> paths)
    {
        var isWhole = path.StartsWith("f:metadata", StringComparison.Ordinal);
        paths[path] = isWhole ? item.ToJsonString() : "";
        if (!isWhole)
        {
            AddFields(item, path, paths);
        }
    }

    private static string Under(string path, string element) => path.Length == 0 ? element : $"{path}{Separator}{element}";
}
