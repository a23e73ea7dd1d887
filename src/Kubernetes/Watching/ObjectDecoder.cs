using System.Text.Json;
using IngressController.Cluster;
using IngressController.Kubernetes.Wire;
using Microsoft.Extensions.Logging;

namespace IngressController.Kubernetes.Watching;

/// <summary>Makes objects of what the API server sends.</summary>
/// <param name="referrals">What they do not have is passed over: of a Secret that nothing refers to no data is decoded.</param>
internal sealed class ObjectDecoder(WatchedKind kind, Referrals referrals, ILogger logger)
{
    /// <param name="json">At the beginning of the object.</param>
    /// <returns>Null where the object is not as we know its kind: it costs only itself.</returns>
    public ReceivedObject? Read(ref Utf8JsonReader json)
    {
        try
        {
            return kind.IsByReference && Outline(json) is var outline && !referrals.Has(outline.Key.Name) ? outline : kind.Read(ref json);
        }
        catch (JsonException e)
        {
            Log.ObjectUnreadable(logger, kind.Plural, e);
            return null;
        }
    }

    /// <summary>Who it is, without what it has.</summary>
    private ReceivedObject Outline(Utf8JsonReader json)
    {
        ObjectMeta? metadata = null;
        while (metadata is null && json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isMetadata = json.ValueTextEquals("metadata"u8);
            json.Read();
            if (isMetadata)
            {
                metadata = JsonSerializer.Deserialize(ref json, WireContext.Default.ObjectMeta);
            }
            else
            {
                json.TrySkip(); // the object has come whole, though what follows it may not have: then Skip would throw
            }
        }

        return new(metadata?.ResourceVersion, new ResourceKey(kind.Kind, ObjectMeta.Namespaced(metadata).Name), null);
    }
}
