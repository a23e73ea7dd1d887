using System.Text.Json;
using System.Text.Json.Nodes;
using IngressController.Testing;

namespace IngressController.Unit.ApiServer;

/// <summary>An exchange with a real kube-apiserver 1.32.13. Long bodies were cut when they were recorded.</summary>
/// <param name="Method">Empty where only the answer was recorded; then <c>Target</c> and <c>Request</c> are too.</param>
internal sealed record Recording(string Method, string Target, string ContentType, string Request, int Status, IReadOnlyDictionary<string, string> Headers, string Body)
{
    /// <summary>Differ from server to server, and from run to run.</summary>
    private static readonly string[] Chance = ["uid", "resourceVersion", "creationTimestamp", "time", "continue"];

    public static Recording Read(string name)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "tests/Unit/ApiServer/recorded", $"{name}.http"));
        var start = text.IndexOf("HTTP/2 ", StringComparison.Ordinal);
        var (head, request) = Split(text[..start]);
        var (answer, body) = Split(text[start..]);
        var line = head.Split('\n')[0].Split(' ');
        return new(
            line[0], line.ElementAtOrDefault(1) ?? "", HeadersOf(head).GetValueOrDefault("content-type", ""), request.Trim(),
            int.Parse(answer[7..10], System.Globalization.CultureInfo.InvariantCulture), HeadersOf(answer), body);
    }

    /// <summary>Events of a watch, one a line.</summary>
    public IEnumerable<string> Lines => Body.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Fails unless the actual JSON is the recorded one, but for chance. What was cut off may be anything.</summary>
    public static void AssertSame(string recorded, string actual)
    {
        var (json, isWhole) = Complete(recorded);
        AssertSame(JsonNode.Parse(json), JsonNode.Parse(actual), "$", isWhole, isWhole);
    }

    /// <param name="isWhole">Nothing after this value was cut off.</param>
    /// <param name="isClosed">Nothing in it was.</param>
    private static void AssertSame(JsonNode? recorded, JsonNode? actual, string path, bool isWhole, bool isClosed)
    {
        switch (recorded)
        {
            case JsonObject map:
                var fields = Assert.IsType<JsonObject>(actual);
                Assert.True(!isClosed || fields.Count == map.Count, $"{path}: {string.Join(',', map.Select(f => f.Key))} but {string.Join(',', fields.Select(f => f.Key))}");
                foreach (var (index, (name, value)) in map.Index())
                {
                    Assert.True(fields.ContainsKey(name), $"{path}.{name} is missing");
                    if (!Chance.Contains(name))
                    {
                        AssertSame(value, fields[name], $"{path}.{name}", isWhole, isClosed || index < map.Count - 1);
                    }
                }

                break;
            case JsonArray list:
                var items = Assert.IsType<JsonArray>(actual);
                Assert.True(isClosed ? items.Count == list.Count : items.Count >= list.Count, $"{path}: {items.Count} elements, not {list.Count}");
                foreach (var (index, item) in list.Index())
                {
                    AssertSame(item, items[index], $"{path}[{index}]", isWhole, isClosed || index < list.Count - 1);
                }

                break;
            default:
                Assert.True(JsonNode.DeepEquals(recorded, actual), $"{path}: {recorded} recorded, {actual} answered");
                break;
        }
    }

    /// <summary>Closes what the cut left open.</summary>
    private static (string Json, bool IsWhole) Complete(string text)
    {
        var open = new Stack<char>();
        var (isString, isEscaped) = (false, false);
        foreach (var letter in text)
        {
            (var wasEscaped, isEscaped) = (isEscaped, isString && !isEscaped && letter == '\\');
            if (letter == '"' && !wasEscaped)
            {
                isString = !isString;
            }
            else if (!isString && letter is '{' or '[')
            {
                open.Push(letter == '{' ? '}' : ']');
            }
            else if (!isString && letter is '}' or ']')
            {
                open.Pop();
            }
        }

        return (text.TrimEnd().TrimEnd(',') + string.Concat(open), open.Count == 0);
    }

    private static (string Head, string Body) Split(string text) =>
        text.IndexOf("\n\n", StringComparison.Ordinal) is >= 0 and var end ? (text[..end], text[(end + 2)..]) : (text, "");

    private static Dictionary<string, string> HeadersOf(string head) => head.Split('\n').Skip(1)
        .Where(line => line.Contains(": ", StringComparison.Ordinal))
        .ToDictionary(line => line[..line.IndexOf(':', StringComparison.Ordinal)].ToLowerInvariant(), line => line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim());
}
