using System.Text.Json;
using System.Text.Json.Nodes;
using IngressController.Testing.ApiServer.Storage;

namespace IngressController.Testing.ApiServer.Writing.Decoding;

/// <summary>The fields that the server's types have: it refuses values of other types, and forgets other fields.</summary>
/// <remarks><c>fields.json</c> is made from the OpenAPI of a kube-apiserver 1.32: by type, the type of each field; <c>[X]</c> is a list of X, <c>{X}</c> a map.</remarks>
internal static class KnownFields
{
    private static readonly Dictionary<string, Dictionary<string, string>> Types = JsonSerializer.Deserialize<Dictionary<string, Dictionary<string, string>>>(
        File.ReadAllBytes(Repository.Path("tests/Testing/ApiServer/Writing/Decoding/fields.json")))!;

    /// <summary>Removes the fields that the kind does not have.</summary>
    /// <returns>Their paths.</returns>
    /// <exception cref="FormatException">A value is of another type than its field.</exception>
    public static IReadOnlyList<string> Prune(ApiResource resource, JsonObject body)
    {
        var unknown = new List<string>();
        Read(body, resource.Kind, "", "", unknown);
        return unknown;
    }

    /// <param name="owner">The type that has the field, for the message.</param>
    private static void Read(JsonNode? value, string type, string owner, string path, List<string> unknown)
    {
        switch (type)
        {
            case "any" or "" or "byte":
                break;
            case ['[', .. var item, ']'] when Take<JsonArray>(value, $"[]{item}", owner, path) is { } list:
                list.Index().ToList().ForEach(each => Read(each.Item, item, owner, $"{path}[{each.Index}]", unknown));
                break;
            case ['{', .. var item, '}'] when Take<JsonObject>(value, $"map[string]{item}", owner, path) is { } map:
                map.ToList().ForEach(each => Read(each.Value, item, owner, $"{path}.{each.Key}", unknown));
                break;
            case ['[' or '{', ..]:
                break; // null
            case "string" or "bool" or "int32" or "int64" or "number" or "integer":
                Check(value, type, owner, path);
                break;
            default:
                ReadFields(Take<JsonObject>(value, $"v1.{type}", owner, path), type, path, unknown);
                break;
        }
    }

    private static void ReadFields(JsonObject? map, string type, string path, List<string> unknown)
    {
        if (map is null || !Types.TryGetValue(type, out var fields))
        {
            return; // null, or a kind of which nothing is known
        }

        foreach (var (name, value) in map.ToList())
        {
            var place = path.Length == 0 ? name : $"{path}.{name}";
            if (fields.TryGetValue(name, out var inner))
            {
                Read(value, inner, type, place, unknown);
            }
            else
            {
                map.Remove(name);
                unknown.Add(place);
            }
        }
    }

    private static void Check(JsonNode? value, string type, string owner, string path)
    {
        var fits = value?.GetValueKind() switch
        {
            null => true,
            JsonValueKind.String => type == "string",
            JsonValueKind.True or JsonValueKind.False => type == "bool",
            JsonValueKind.Number => type is not ("string" or "bool") && (type == "number" || value.AsValue().TryGetValue<long>(out _)),
            _ => false,
        };
        if (!fits)
        {
            throw Mismatch(value!, type, owner, path);
        }
    }

    private static T? Take<T>(JsonNode? value, string type, string owner, string path)
        where T : JsonNode => value is null or T ? (T?)value : throw Mismatch(value, type, owner, path);

    /// <summary>In the words of Go's decoder.</summary>
    private static FormatException Mismatch(JsonNode value, string type, string owner, string path)
    {
        var kind = value.GetValueKind() switch
        {
            JsonValueKind.True or JsonValueKind.False => "bool",
            var other => other.ToString().ToLowerInvariant(),
        };
        return new($"json: cannot unmarshal {kind} into Go struct field {owner}.{path} of type {type}");
    }
}
