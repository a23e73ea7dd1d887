using System.Text.Json;
using System.Text.Json.Nodes;

namespace IngressController.Testing;

/// <summary>Holds JSON against the schemas of an OpenAPI 3.1 document. Strict: a keyword that it does not know is a failure of the test, not passed over.</summary>
public sealed class JsonSchema(JsonObject document)
{
    private static readonly string[] OnlyWords = ["description", "title", "default", "format", "minimum", "maximum"];

    /// <summary>Every place where the value is otherwise than described.</summary>
    public IEnumerable<string> Flaws(JsonNode? value, JsonObject schema, string place = "$")
    {
        foreach (var (keyword, argument) in schema)
        {
            var flaws = keyword switch
            {
                "$ref" => Flaws(value, Resolve((string)argument!), place),
                "allOf" => argument!.AsArray().SelectMany(part => Flaws(value, part!.AsObject(), place)),
                "anyOf" or "oneOf" => FlawsOfChoice(value, argument!.AsArray(), place),
                "type" => Types(argument!).Any(type => IsOf(value, type)) ? [] : [$"{place}: {Shown(value)} is no {argument!.ToJsonString()}"],
                "enum" => argument!.AsArray().Any(word => JsonNode.DeepEquals(word, value)) ? [] : [$"{place}: {Shown(value)} is none of {argument.ToJsonString()}"],
                "properties" => (value as JsonObject ?? []).SelectMany(member =>
                    argument![member.Key] is JsonObject inner ? Flaws(member.Value, inner, $"{place}.{member.Key}") : []),
                "required" => argument!.AsArray().Where(name => value is JsonObject map && !map.ContainsKey((string)name!)).Select(name => $"{place}: {name} is missing"),
                "additionalProperties" => value is JsonObject map && !(bool)argument!
                    ? map.Where(member => schema["properties"]?[member.Key] is null).Select(member => $"{place}: {member.Key} is not documented")
                    : [],
                "items" => (value as JsonArray ?? []).SelectMany((item, index) => Flaws(item, argument!.AsObject(), $"{place}[{index}]")),
                _ when OnlyWords.Contains(keyword) => [],
                _ => throw new NotSupportedException($"{place}: the keyword {keyword}"),
            };
            foreach (var flaw in flaws)
            {
                yield return flaw;
            }
        }
    }

    private List<string> FlawsOfChoice(JsonNode? value, JsonArray choices, string place)
    {
        var flaws = choices.Select(choice => Flaws(value, choice!.AsObject(), place).ToList()).ToList();
        return flaws.Any(list => list.Count == 0) ? [] : flaws.MinBy(list => list.Count)!;
    }

    private JsonObject Resolve(string reference)
    {
        JsonNode? found = document;
        foreach (var part in reference.TrimStart('#', '/').Split('/'))
        {
            found = found?[part];
        }

        return found as JsonObject ?? throw new InvalidOperationException($"{reference} leads nowhere");
    }

    private static IEnumerable<string> Types(JsonNode argument) => argument is JsonArray several ? several.Select(type => (string)type!) : [(string)argument!];

    private static bool IsOf(JsonNode? value, string type) => (value?.GetValueKind() ?? JsonValueKind.Null) switch
    {
        JsonValueKind.Null => type == "null",
        JsonValueKind.Object => type == "object",
        JsonValueKind.Array => type == "array",
        JsonValueKind.String => type == "string",
        JsonValueKind.True or JsonValueKind.False => type == "boolean",
        _ => type == "number" || (type == "integer" && value!.AsValue().TryGetValue<long>(out _)),
    };

    private static string Shown(JsonNode? value) => value?.ToJsonString() ?? "null";
}
