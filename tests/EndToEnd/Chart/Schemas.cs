using System.Text.Json.Nodes;
using IngressController.Testing;

namespace IngressController.EndToEnd.Chart;

/// <summary>OpenAPI v3 schemas of a kube-apiserver, taken strictly: what a schema does not name is an error, as with <c>kubectl --validate=strict</c>.</summary>
internal static class Schemas
{
    private static readonly Dictionary<string, JsonObject> ByName = Read();

    /// <summary>Every flaw of an object, with the place where it is.</summary>
    /// <param name="release">A minor version of Kubernetes 1: fields that came later are flaws; null: none are.</param>
    public static IEnumerable<string> Flaws(JsonObject item, int? release)
    {
        var place = $"{item["kind"]} {item["metadata"]?["name"]}";
        return Find(item) is { } name ? Flaws(item, name, ByName[name], place, release) : [$"{place}: there is no {item["apiVersion"]} {item["kind"]}"];
    }

    private static string? Find(JsonObject item)
    {
        var version = ((string?)item["apiVersion"] ?? "").Split('/');
        return ByName.FirstOrDefault(schema => schema.Value["x-kubernetes-group-version-kind"]?.AsArray().Any(kind =>
            (string?)kind!["group"] == (version.Length > 1 ? version[0] : "")
            && (string?)kind["version"] == version[^1]
            && (string?)kind["kind"] == (string?)item["kind"]) ?? false).Key;
    }

    private static IEnumerable<string> Flaws(JsonNode? value, string name, JsonObject schema, string place, int? release)
    {
        if (Reference(schema) is { } reference)
        {
            return Flaws(value, reference, ByName[reference], place, release);
        }

        if (schema["oneOf"] is JsonArray choices)
        {
            var flaws = choices.Select(choice => Flaws(value, name, choice!.AsObject(), place, release).ToList()).ToList();
            return flaws.Any(list => list.Count == 0) ? [] : flaws[0];
        }

        return (string?)schema["type"] switch
        {
            "object" => value is JsonObject map ? FlawsOfMap(map, name, schema, place, release) : [$"{place}: is no object"],
            "array" => value is JsonArray list
                ? list.SelectMany((item, index) => Flaws(item, name, schema["items"]!.AsObject(), $"{place}[{index}]", release))
                : [$"{place}: is no list"],
            var type => IsScalar(value, type, schema) ? [] : [$"{place}: {value?.ToJsonString() ?? "null"} is no {type} that the schema allows"],
        };
    }

    private static IEnumerable<string> FlawsOfMap(JsonObject map, string name, JsonObject schema, string place, int? release)
    {
        var properties = schema["properties"] as JsonObject;
        var others = schema["additionalProperties"] as JsonObject;
        foreach (var required in schema["required"]?.AsArray() ?? [])
        {
            if (!map.ContainsKey((string)required!))
            {
                yield return $"{place}: {required} is missing";
            }
        }

        foreach (var (field, value) in map)
        {
            if ((properties?[field] ?? others) is not JsonObject inner)
            {
                if (properties is not null)
                {
                    yield return $"{place}: there is no field {field}";
                }

                continue; // an object of which the schema says nothing
            }

            if (properties is not null && NewerFields.Since(name, field) is { } since && since > release)
            {
                yield return $"{place}.{field}: is there from Kubernetes 1.{since} on only";
            }

            foreach (var flaw in Flaws(value, name, inner, $"{place}.{field}", release))
            {
                yield return flaw;
            }
        }
    }

    private static bool IsScalar(JsonNode? value, string? type, JsonObject schema) => value is JsonValue scalar && type switch
    {
        "string" => scalar.GetValueKind() == System.Text.Json.JsonValueKind.String
            && (schema["enum"] is not JsonArray allowed || allowed.Any(word => (string?)word == (string?)scalar)),
        "integer" => (string?)schema["format"] == "int64" ? scalar.TryGetValue<long>(out _) : scalar.TryGetValue<int>(out _),
        "number" => scalar.TryGetValue<double>(out _),
        "boolean" => scalar.TryGetValue<bool>(out _),
        _ => false,
    };

    private static string? Reference(JsonObject schema) =>
        ((string?)schema["$ref"] ?? (string?)schema["allOf"]?[0]?["$ref"])?.Split('/')[^1];

    private static Dictionary<string, JsonObject> Read()
    {
        var found = new Dictionary<string, JsonObject>();
        foreach (var file in Directory.GetFiles(Repository.Path("tests/EndToEnd/Chart/schemas"), "*.json"))
        {
            foreach (var (name, schema) in JsonNode.Parse(File.ReadAllText(file))!.AsObject())
            {
                found.TryAdd(name, schema!.AsObject());
            }
        }

        return found;
    }
}
