using System.Text.Json.Serialization;

namespace IngressController.Kubernetes.Wire;

/// <summary>Generated readers of the API's JSON. Unknown fields are passed over; names are exact, as the API server reads them.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, MaxDepth = MaximumDepth, Converters = [typeof(SharedTextConverter)])]
[JsonSerializable(typeof(Ingress))]
[JsonSerializable(typeof(IngressClass))]
[JsonSerializable(typeof(Service))]
[JsonSerializable(typeof(EndpointSlice))]
[JsonSerializable(typeof(Endpoints))]
[JsonSerializable(typeof(Secret))]
[JsonSerializable(typeof(ConfigMap))]
[JsonSerializable(typeof(Namespace))]
[JsonSerializable(typeof(Status))]
[JsonSerializable(typeof(ListMeta))]
internal sealed partial class WireContext : JsonSerializerContext
{
    /// <summary>Far deeper than any object of the API; bounds the stack.</summary>
    public const int MaximumDepth = 256;
}
