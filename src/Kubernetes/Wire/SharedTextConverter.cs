using System.Text.Json;
using System.Text.Json.Serialization;
using IngressController.Cluster;

namespace IngressController.Kubernetes.Wire;

/// <summary>Reads texts, and keys of maps, through <see cref="SharedText"/>: most of them have been read before, and then nothing is allocated.</summary>
internal sealed class SharedTextConverter : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String ? Share(ref reader) : reader.GetString();

    public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Share(ref reader);

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

    private static string Share(ref Utf8JsonReader reader)
    {
        var length = reader.HasValueSequence ? reader.ValueSequence.Length : reader.ValueSpan.Length;
        if (length > SharedText.LongestLength)
        {
            return reader.GetString()!;
        }

        Span<char> buffer = stackalloc char[SharedText.LongestLength]; // UTF-8 never has fewer bytes than UTF-16 has characters
        return SharedText.Of(buffer[..reader.CopyString(buffer)]);
    }
}
