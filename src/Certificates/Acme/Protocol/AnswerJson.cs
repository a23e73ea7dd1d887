using System.Text.Json;

namespace IngressController.Certificates.Acme.Protocol;

/// <summary>JSON of others.</summary>
internal static class AnswerJson
{
    /// <returns>Null: it is no JSON, or has names or strings that are no text, which would fail only when they are read.</returns>
    public static JsonElement? Parse(byte[] body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            while (reader.Read())
            {
                _ = reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName ? reader.GetString() : null;
            }

            return JsonElement.Parse(body);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
