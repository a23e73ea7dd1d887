using System.Text.Json;
using IngressController.Cluster;

namespace IngressController.Certificates.Acme.Protocol;

/// <summary>The fields of a JSON object in an answer. What is missing or of another type is an <see cref="AcmeException"/>; <c>null</c> is as missing.</summary>
internal readonly struct AnswerFields(Answer answer, JsonElement json)
{
    public string Text(string name) => TextOrNull(name) ?? throw answer.Strange($"{name} is missing");

    public string? TextOrNull(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        _ => throw answer.Strange($"{name} is no string"),
    };

    public Uri Url(string name) => answer.Url(Text(name), name);

    public Uri? UrlOrNull(string name) => TextOrNull(name) is { } text ? answer.Url(text, name) : null;

    public DateTimeOffset? TimeOrNull(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } text when text.TryGetDateTimeOffset(out var time) => time,
        _ => throw answer.Strange($"{name} is no time"),
    };

    public DateTimeOffset Time(string name) => TimeOrNull(name) ?? throw answer.Strange($"{name} is missing");

    public bool Flag(string name) => Find(name) is { } flag && (flag.ValueKind is JsonValueKind.True or JsonValueKind.False ? flag.GetBoolean() : throw answer.Strange($"{name} is neither true nor false"));

    /// <summary>One of the names of the type.</summary>
    public T Choice<T>(string name)
        where T : struct, Enum
    {
        var text = Text(name);
        return Enum.GetValues<T>().Cast<T?>().FirstOrDefault(choice => text.Equals(choice.ToString(), StringComparison.OrdinalIgnoreCase)) ?? throw answer.Strange($"{name} is {OneLine.Of(text)}");
    }

    public AnswerFields? ObjectOrNull(string name) => Find(name) is { } found ? Object(found, name) : null;

    public AnswerFields Object(string name) => ObjectOrNull(name) ?? throw answer.Strange($"{name} is missing");

    public EquatableArray<AnswerFields> Objects(string name)
    {
        var fields = this;
        return List(name).Select(item => fields.Object(item, name)).ToEquatableArray();
    }

    public EquatableArray<Uri> Urls(string name)
    {
        var from = answer;
        return List(name).Select(item => item.ValueKind == JsonValueKind.String ? from.Url(item.GetString()!, name) : throw from.Strange($"{name} has something that is no string")).ToEquatableArray();
    }

    /// <summary>What an object maps; empty where it is missing.</summary>
    public IReadOnlyList<string> Names(string name) => ObjectOrNull(name) is null ? [] : [.. json.GetProperty(name).EnumerateObject().Select(property => property.Name)];

    public AcmeProblem? Problem(string name) => Find(name) is { } problem ? AcmeProblem.Read(problem) : null;

    private JsonElement.ArrayEnumerator List(string name) => Find(name) switch
    {
        null => throw answer.Strange($"{name} is missing"),
        { ValueKind: JsonValueKind.Array } list => list.EnumerateArray(),
        _ => throw answer.Strange($"{name} is no list"),
    };

    private AnswerFields Object(JsonElement item, string name) => item.ValueKind == JsonValueKind.Object ? new(answer, item) : throw answer.Strange($"{name} is no object");

    private JsonElement? Find(string name) => json.TryGetProperty(name, out var found) && found.ValueKind != JsonValueKind.Null ? found : null;
}
