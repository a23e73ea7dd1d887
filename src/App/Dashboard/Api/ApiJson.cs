using System.ComponentModel;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using IngressController.Certificates.Acme.Issuing;
using IngressController.Cluster;
using IngressController.Routing.Model;
using IngressController.Routing.Translation;

namespace IngressController.App.Dashboard.Api;

/// <summary>How the answers are written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    Converters =
    [
        typeof(WordConverter<TlsKind>), typeof(WordConverter<RoutePathType>), typeof(WordConverter<ClientCertificates>), typeof(WordConverter<BackendState>), typeof(WordConverter<CertificateKeyType>),
        typeof(WordConverter<Severity>), typeof(WordConverter<TopKind>), typeof(WordConverter<Verdict>), typeof(WordConverter<AnswerKind>),
        typeof(WordConverter<BackendProtocol>), typeof(WordConverter<Balancing>), typeof(WordConverter<AcmeStage>), typeof(WordConverter<PassedOverReason>),
    ])]
[JsonSerializable(typeof(Overview))]
[JsonSerializable(typeof(Page<HostItem>))]
[JsonSerializable(typeof(HostDetail))]
[JsonSerializable(typeof(Choices))]
[JsonSerializable(typeof(Page<BackendItem>))]
[JsonSerializable(typeof(Page<CertificateItem>))]
[JsonSerializable(typeof(Page<ProblemItem>))]
[JsonSerializable(typeof(Page<TopItem>))]
[JsonSerializable(typeof(ExplainedPage))]
[JsonSerializable(typeof(TailItem))]
[JsonSerializable(typeof(MissedItem))]
[JsonSerializable(typeof(ChangedItem))]
[JsonSerializable(typeof(ErrorItem))]
internal sealed partial class ApiJson : JsonSerializerContext
{
    private const int Digits = 3;

    private static readonly Lazy<ApiJson> Made = new(static () => new(new(Default!.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));

    /// <summary>Escapes what JSON wants escaped and nothing for the sake of HTML: browsers are told that this is none.</summary>
    public static ApiJson Shapes => Made.Value;

    /// <summary>As the members of enumerations are written: <c>optionalNoCa</c>.</summary>
    public static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    public static double Round(double value) => Math.Round(value, Digits);

    public static double? Round(double? value) => value is { } number ? Round(number) : null;
}

/// <summary>Words instead of numbers.</summary>
internal sealed class WordConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where T : struct, Enum;

internal sealed record ErrorItem([property: Description("One sentence")] string Error);
