using System.Buffers;
using System.Text.Json;
using IngressController.Kubernetes.Wire;

namespace IngressController.Kubernetes.Watching;

/// <summary>Reads one page of a list, object by object as it comes: never a whole page in memory, and nothing of an object but what we use.</summary>
internal sealed class ListPage(ObjectDecoder decoder)
{
    private JsonReaderState state = new(new JsonReaderOptions { MaxDepth = WireContext.MaximumDepth });
    private string field = "";
    private bool isInItems;

    public ListMeta Metadata { get; private set; } = new();

    /// <summary>The whole page has been read.</summary>
    public bool IsEnd { get; private set; }

    /// <summary>Reads on as far as the JSON goes.</summary>
    /// <param name="json">What follows what was consumed before.</param>
    /// <returns>How much was consumed.</returns>
    /// <exception cref="JsonException">This is not a list.</exception>
    public long Read(ReadOnlySequence<byte> json, bool isComplete, List<ReceivedObject> objects)
    {
        var reader = new Utf8JsonReader(json, isComplete, state);
        var (consumed, reached) = (0L, state);
        while (!IsEnd && TryStep(ref reader, objects))
        {
            (consumed, reached) = (reader.BytesConsumed, reader.CurrentState);
        }

        state = reached;
        return consumed;
    }

    /// <returns>False where the next part has not come whole; then nothing has happened.</returns>
    private bool TryStep(ref Utf8JsonReader reader, List<ReceivedObject> objects)
    {
        if (!reader.Read())
        {
            return false;
        }

        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName when reader.CurrentDepth == 1:
                field = reader.GetString()!;
                return true;
            case JsonTokenType.StartArray when field == "items" && reader.CurrentDepth == 1:
                isInItems = true;
                return true;
            case JsonTokenType.EndArray when reader.CurrentDepth == 1:
                isInItems = false;
                return true;
            case JsonTokenType.StartObject when reader.CurrentDepth == 0:
                return true;
            case JsonTokenType.EndObject when reader.CurrentDepth == 0:
                IsEnd = true;
                return true;
            default:
                return TryTakeValue(ref reader, objects);
        }
    }

    private bool TryTakeValue(ref Utf8JsonReader reader, List<ReceivedObject> objects)
    {
        var value = reader;
        if (!reader.TrySkip())
        {
            return false;
        }

        if (isInItems)
        {
            objects.AddRange(decoder.Read(ref value) is { } item ? [item] : []);
        }
        else if (field == "metadata")
        {
            Metadata = JsonSerializer.Deserialize(ref value, WireContext.Default.ListMeta) ?? Metadata;
        }

        return true;
    }
}
