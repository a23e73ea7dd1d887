using System.Buffers;
using System.Net;
using System.Text.Json;
using IngressController.Kubernetes.Api;
using IngressController.Kubernetes.Wire;

namespace IngressController.Kubernetes.Watching;

/// <summary>One event of a watch stream: a line like <c>{"type":"ADDED","object":{...}}</c>.</summary>
/// <param name="Type">ADDED, MODIFIED, DELETED or BOOKMARK.</param>
internal readonly record struct WatchEvent(string Type, ReceivedObject Object)
{
    /// <returns>Null where the object is not as we know its kind: it costs only itself.</returns>
    /// <exception cref="JsonException">This is no event.</exception>
    /// <exception cref="ApiException">It is an ERROR.</exception>
    public static WatchEvent? Parse(ReadOnlySequence<byte> line, ObjectDecoder decoder)
    {
        var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = WireContext.MaximumDepth });
        var type = "";
        var value = default(Utf8JsonReader);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isType = reader.ValueTextEquals("type"u8);
            var isObject = reader.ValueTextEquals("object"u8);
            reader.Read();
            type = isType ? reader.GetString() ?? "" : type;
            value = isObject ? reader : value;
            reader.Skip();
        }

        if (value.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("an event without object");
        }

        if (type == "ERROR")
        {
            throw Error(ref value);
        }

        return decoder.Read(ref value) is { } item ? new(type, item) : null;
    }

    private static ApiException Error(ref Utf8JsonReader value)
    {
        var status = JsonSerializer.Deserialize(ref value, WireContext.Default.Status)!;
        return new((HttpStatusCode)(status.Code ?? 500), status.Reason ?? "", status.Message ?? "");
    }
}
