using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace IngressController.Testing.ApiServer.Storage;

/// <summary>One state of one object, frozen: the bytes that are sent, and what selectors ask for.</summary>
internal sealed class StoredObject
{
    private readonly byte[] json;

    /// <param name="body">Without kind and apiVersion, as in the items of lists.</param>
    public StoredObject(ApiResource resource, JsonObject body)
    {
        var metadata = body["metadata"]!.AsObject();
        Resource = resource;
        Name = (string)metadata["name"]!;
        Namespace = (string?)metadata["namespace"] ?? "";
        ResourceVersion = long.Parse((string)metadata["resourceVersion"]!, CultureInfo.InvariantCulture);
        Labels = metadata["labels"]?.AsObject().ToDictionary(label => label.Key, label => (string?)label.Value ?? "") ?? [];
        Fields = new() { ["metadata.name"] = Name };
        if (resource.IsNamespaced)
        {
            Fields["metadata.namespace"] = Namespace;
        }

        if (resource.Kind == "Secret")
        {
            Fields["type"] = (string?)body["type"] ?? "";
        }

        json = JsonSerializer.SerializeToUtf8Bytes(body);
    }

    public ApiResource Resource { get; }

    public string Namespace { get; }

    public string Name { get; }

    public long ResourceVersion { get; }

    public Dictionary<string, string> Labels { get; }

    /// <summary>What field selectors may ask for.</summary>
    public Dictionary<string, string> Fields { get; }

    public string Key => Resource.KeyOf(Namespace, Name);

    /// <summary>As it stands in a list.</summary>
    public ReadOnlyMemory<byte> Item => json;

    /// <summary>As it stands alone and in watch events.</summary>
    public byte[] Whole() => [.. Encoding.UTF8.GetBytes($$"""{"kind":"{{Resource.Kind}}","apiVersion":"{{Resource.ApiVersion}}","""), .. json.AsSpan(1)];

    /// <summary>A copy to change.</summary>
    public JsonObject ToJson() => JsonNode.Parse(json)!.AsObject();
}
