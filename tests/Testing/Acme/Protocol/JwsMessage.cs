using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace IngressController.Testing.Acme.Protocol;

/// <summary>A signed message as RFC 8555 section 6.2 has it, not verified yet.</summary>
internal sealed class JwsMessage
{
    private readonly JsonObject header;
    private readonly byte[] signed;
    private readonly byte[] signature;

    private JwsMessage(JsonObject header, byte[] payload, byte[] signed, byte[] signature) => (this.header, Payload, this.signed, this.signature) = (header, payload, signed, signature);

    public byte[] Payload { get; }

    public string Algorithm => Text("alg") ?? throw AcmeRefusal.Malformed("the header has no alg");

    public string? KeyId => Text("kid");

    public JsonNode? Jwk => header["jwk"];

    public string? Nonce => Text("nonce");

    public string? Url => Text("url");

    /// <summary>An empty payload: RFC 8555 section 6.3.</summary>
    public bool OnlyReads => Payload.Length == 0;

    public byte[] Signed => signed;

    public byte[] Signature => signature;

    public static JwsMessage Parse(JsonNode? json)
    {
        var message = json as JsonObject ?? throw AcmeRefusal.Malformed("the body is no JWS");
        if (message.Select(member => member.Key).Order().SequenceEqual(["payload", "protected", "signature"]) is false)
        {
            throw AcmeRefusal.Malformed("a JWS has protected, payload and signature and nothing else");
        }

        var (first, second) = (Member(message, "protected"), Member(message, "payload"));
        var header = ParseObject(Decode(first), "the protected header");
        if (header.ContainsKey("jwk") == header.ContainsKey("kid"))
        {
            throw AcmeRefusal.Malformed("jwk and kid are mutually exclusive, and one of them must be there");
        }

        if (header.Select(member => member.Key).Except(["alg", "jwk", "kid", "nonce", "url"]).FirstOrDefault() is { } unknown)
        {
            throw AcmeRefusal.Malformed($"the header has {unknown}");
        }

        return new(header, Decode(second), Encoding.ASCII.GetBytes($"{first}.{second}"), Decode(Member(message, "signature")));
    }

    public static JwsMessage Parse(byte[] body) => Parse(ParseObject(body, "the body"));

    /// <summary>The payload as an object.</summary>
    public JsonObject Asked() => ParseObject(Payload, "the payload");

    /// <exception cref="AcmeRefusal">It is not signed by the key, or not as the header says.</exception>
    public void Verify(JwsKey key)
    {
        if (Algorithm != key.Algorithm)
        {
            throw new AcmeRefusal(400, "badSignatureAlgorithm", $"alg is {Algorithm}, but the key is for {key.Algorithm}");
        }

        if (!key.Verifies(signed, signature))
        {
            throw AcmeRefusal.Malformed("JWS verification error");
        }
    }

    /// <summary>base64url without padding and anything else (RFC 7515 section 2).</summary>
    public static byte[] Decode(string text)
    {
        try
        {
            return text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_') ? Base64Url.DecodeFromChars(text) : throw AcmeRefusal.Malformed("base64url has neither padding nor spaces");
        }
        catch (FormatException)
        {
            throw AcmeRefusal.Malformed("that is not base64url");
        }
    }

    private static JsonObject ParseObject(byte[] json, string what)
    {
        try
        {
            return JsonNode.Parse(json) as JsonObject ?? throw AcmeRefusal.Malformed($"{what} is no JSON object");
        }
        catch (JsonException)
        {
            throw AcmeRefusal.Malformed($"{what} is no JSON");
        }
    }

    private static string Member(JsonObject message, string name) => message[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : throw AcmeRefusal.Malformed($"{name} is no string");

    private string? Text(string name) => header[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
