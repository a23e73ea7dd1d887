using System.Globalization;
using System.Text.Json.Serialization;

namespace IngressController.Kubernetes.Wire;

/// <summary>Generated writers of what the controller writes to a cluster; absent fields are left out.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Lease))]
[JsonSerializable(typeof(Event))]
[JsonSerializable(typeof(EventPatch))]
[JsonSerializable(typeof(EventView))]
[JsonSerializable(typeof(StatusPatch))]
[JsonSerializable(typeof(StatusEntry))]
[JsonSerializable(typeof(IngressStatusView))]
[JsonSerializable(typeof(WrittenSecret))]
internal sealed partial class WritingContext : JsonSerializerContext
{
    /// <summary>metav1.MicroTime.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
