using System.Text.Json;
using System.Text.Json.Serialization;

namespace IngressController.Kubernetes.Wire;

/// <summary>All that is kept of metadata.managedFields: who wrote status.loadBalancer.ingress. That list is atomic: whoever changes it owns it whole.</summary>
/// <param name="Manager">Null where nobody did. Where several share it (by server-side apply), their names with commas between.</param>
[JsonConverter(typeof(StatusOwnerReader))]
internal sealed record StatusOwner(string? Manager)
{
    public static StatusOwner Nobody { get; } = new((string?)null);
}

/// <summary>Total: what is no list of managers has no owner.</summary>
internal sealed class StatusOwnerReader : JsonConverter<StatusOwner>
{
    private static readonly string[] Path = ["f:status", "f:loadBalancer", "f:ingress"];

    public override StatusOwner Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        string? managers = null;
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.TrySkip();
            return StatusOwner.Nobody;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (ReadEntry(ref reader) is { Length: > 0 } manager && manager != managers)
            {
                managers = managers is null ? manager : $"{managers},{manager}";
            }
        }

        return managers is null ? StatusOwner.Nobody : new(string.Intern(managers)); // few, and every Ingress has one
    }

    public override void Write(Utf8JsonWriter writer, StatusOwner value, JsonSerializerOptions options) => throw new NotSupportedException();

    /// <returns>The manager, if it owns the list.</returns>
    private static string? ReadEntry(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.TrySkip();
            return null;
        }

        var isOwner = false;
        var manager = default(Utf8JsonReader); // where the name stands: most are of no interest, and become no strings
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (isName, isSet) = (reader.ValueTextEquals("manager"u8), reader.ValueTextEquals("fieldsV1"u8));
            reader.Read();
            manager = isName ? reader : manager;
            if (isSet)
            {
                isOwner |= Has(ref reader, 0);
            }
            else
            {
                reader.TrySkip();
            }
        }

        return isOwner && manager.TokenType == JsonTokenType.String ? manager.GetString() : null;
    }

    /// <summary>Reads one value.</summary>
    private static bool Has(ref Utf8JsonReader reader, int depth)
    {
        if (depth == Path.Length || reader.TokenType != JsonTokenType.StartObject)
        {
            reader.TrySkip();
            return depth == Path.Length;
        }

        var has = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isNext = reader.ValueTextEquals(Path[depth]);
            reader.Read();
            if (isNext)
            {
                has |= Has(ref reader, depth + 1);
            }
            else
            {
                reader.TrySkip();
            }
        }

        return has;
    }
}
