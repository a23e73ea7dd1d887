using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace IngressController.Kubernetes.Wire;

/// <summary>The API's intstr.IntOrString: a text where <see cref="Text"/> is not null, else a number.</summary>
[JsonConverter(typeof(IntOrStringConverter))]
internal readonly record struct IntOrString(string? Text, int Number)
{
    public bool IsZero => Number == 0 && string.IsNullOrEmpty(Text);
}

internal sealed class IntOrStringConverter : JsonConverter<IntOrString>
{
    public override IntOrString Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String ? new IntOrString(reader.GetString(), 0) : new IntOrString(null, reader.GetInt32());

    public override void Write(Utf8JsonWriter writer, IntOrString value, JsonSerializerOptions options) =>
        writer.WriteRawValue(value.Text is null ? value.Number.ToString(CultureInfo.InvariantCulture) : JsonEncodedText.Encode(value.Text).ToString());
}
