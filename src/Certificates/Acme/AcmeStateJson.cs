using System.Text.Json;
using System.Text.Json.Serialization;
using IngressController.Cluster;

namespace IngressController.Certificates.Acme;

/// <summary>How <see cref="AcmeState"/> is written. What is missing or null where it must not be is refused; unknown members are passed over, so that an older program can read it.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters =
    [
        typeof(ListConverter<AccountRecord>), typeof(ListConverter<OrderRecord>), typeof(ListConverter<FailureRecord>), typeof(ListConverter<OrderTime>),
        typeof(ListConverter<IssueTime>), typeof(ListConverter<HoldRecord>), typeof(ListConverter<ChallengeToken>), typeof(ListConverter<string>),
        typeof(NameConverter), typeof(AddressConverter), typeof(ChallengeKindConverter),
    ])]
[JsonSerializable(typeof(AcmeState))]
[JsonSerializable(typeof(AccountRecord[]))]
[JsonSerializable(typeof(OrderRecord[]))]
[JsonSerializable(typeof(FailureRecord[]))]
[JsonSerializable(typeof(OrderTime[]))]
[JsonSerializable(typeof(IssueTime[]))]
[JsonSerializable(typeof(HoldRecord[]))]
[JsonSerializable(typeof(ChallengeToken[]))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class AcmeStateJson : JsonSerializerContext;

/// <summary>A list without null in it.</summary>
internal sealed class ListConverter<T> : JsonConverter<EquatableArray<T>>
    where T : class
{
    public override EquatableArray<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var items = (T?[]?)JsonSerializer.Deserialize(ref reader, options.GetTypeInfo(typeof(T[])));
        return items is null || items.Contains(null) ? throw new JsonException() : items.OfType<T>().ToEquatableArray();
    }

    public override void Write(Utf8JsonWriter writer, EquatableArray<T> value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value.ToArray(), options.GetTypeInfo(typeof(T[])));
}

/// <summary><c>shop/web</c>.</summary>
internal sealed class NameConverter : JsonConverter<NamespacedName>
{
    public override NamespacedName Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetString()?.Split('/') is [{ Length: > 0 } space, { Length: > 0 } name] ? new(space, name) : throw new JsonException();

    public override void Write(Utf8JsonWriter writer, NamespacedName value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}

/// <summary>An absolute address.</summary>
internal sealed class AddressConverter : JsonConverter<Uri>
{
    public override Uri Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Uri.TryCreate(reader.GetString(), UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttps ? address : throw new JsonException();

    public override void Write(Utf8JsonWriter writer, Uri value, JsonSerializerOptions options) => writer.WriteStringValue(value.AbsoluteUri);
}

/// <summary>As authorities call them.</summary>
internal sealed class ChallengeKindConverter() : JsonStringEnumConverter<ChallengeKind>(namingPolicy: null, allowIntegerValues: false);
