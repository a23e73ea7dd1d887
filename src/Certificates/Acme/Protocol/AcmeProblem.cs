using System.Text.Json;
using IngressController.Cluster;

namespace IngressController.Certificates.Acme.Protocol;

/// <summary>What an authority says is wrong: RFC 8555 section 6.7.</summary>
/// <param name="Type">A constant of this type, without <c>urn:ietf:params:acme:error:</c>; whole where it is of another kind; <c>about:blank</c> where there is none.</param>
/// <param name="Detail">The authority's own words: one line, at most 500 characters.</param>
/// <param name="Status">Of HTTP; null: not said.</param>
/// <param name="Host">Which of the hosts it is about; null: not said.</param>
internal sealed record AcmeProblem(string Type, string Detail, int? Status, string? Host, EquatableArray<AcmeProblem> Subproblems)
{
    public const string AccountDoesNotExist = "accountDoesNotExist";
    public const string AlreadyReplaced = "alreadyReplaced";
    public const string AlreadyRevoked = "alreadyRevoked";
    public const string BadNonce = "badNonce";
    public const string Caa = "caa";
    public const string Connection = "connection";
    public const string Dns = "dns";
    public const string ExternalAccountRequired = "externalAccountRequired";
    public const string IncorrectResponse = "incorrectResponse";
    public const string OrderNotReady = "orderNotReady";
    public const string RateLimited = "rateLimited";
    public const string RejectedIdentifier = "rejectedIdentifier";
    public const string ServerInternal = "serverInternal";
    public const string Tls = "tls";
    public const string Unauthorized = "unauthorized";
    public const string UnsupportedIdentifier = "unsupportedIdentifier";
    public const string UserActionRequired = "userActionRequired";

    private const string Space = "urn:ietf:params:acme:error:";

    /// <summary>What goes into <see cref="Sentence"/>, and is kept.</summary>
    private const int MostSubproblems = 10;

    /// <summary>For people: what is wrong, with what is wrong with each host.</summary>
    public string Sentence => OneLine.Of(string.Join("; ", [Own, .. Subproblems.Select(sub => sub.Own)]));

    private string Own => $"{(Host is null ? "" : $"{Host}: ")}{(Detail.Length == 0 ? Type : $"{Detail} ({Type})")}";

    /// <summary>Out of a refusal.</summary>
    /// <returns>Null: the body is no problem document (RFC 7807).</returns>
    public static AcmeProblem? Read(Answer refusal) =>
        AnswerJson.Parse(refusal.Body) is { ValueKind: JsonValueKind.Object } json && (json.TryGetProperty("type", out _) || json.TryGetProperty("detail", out _))
            ? Read(json) with { Status = refusal.Status }
            : null;

    /// <summary>Takes what it understands: a broken problem is still a problem.</summary>
    public static AcmeProblem Read(JsonElement json) => Read(json, mayHaveSubproblems: true);

    private static AcmeProblem Read(JsonElement json, bool mayHaveSubproblems)
    {
        var type = Text(json, "type") ?? "about:blank";
        type = type.StartsWith(Space, StringComparison.Ordinal) ? type[Space.Length..] : type;
        var status = Find(json, "status") is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var code) ? code : (int?)null;
        var host = Find(json, "identifier") is { } identifier ? Text(identifier, "value") : null;
        var subproblems = mayHaveSubproblems && Find(json, "subproblems") is { ValueKind: JsonValueKind.Array } list
            ? list.EnumerateArray().Take(MostSubproblems).Select(sub => Read(sub, mayHaveSubproblems: false)).ToEquatableArray()
            : [];
        var page = type == UserActionRequired && Text(json, "instance") is { } instance ? $" ({instance})" : ""; // where to agree: RFC 8555 section 6.7
        return new(OneLine.Of(type), OneLine.Of($"{Text(json, "detail")}{page}"), status, host is null ? null : OneLine.Of(host), subproblems);
    }

    private static string? Text(JsonElement json, string name) => Find(json, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static JsonElement? Find(JsonElement json, string name) => json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var found) ? found : null;
}
