using System.Text;
using System.Text.Json;

namespace IngressController.Certificates.Acme.Protocol;

/// <summary>What an authority answered.</summary>
/// <param name="Asked">Where; URLs in the answer are of the same authority.</param>
/// <param name="What">It is about, for people: <c>the new order</c>.</param>
internal sealed record Answer(Uri Asked, string What, int Status, string MediaType, byte[] Body)
{
    private const int LongestQuotation = 80;
    private const int MostLinks = 10;

    /// <summary>RFC 8555 section 6.5.1; null: none that could be one.</summary>
    public string? Nonce { get; init; }

    public string? Location { get; init; }

    /// <summary>From now on.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>RFC 8288.</summary>
    public IReadOnlyList<(string Relation, string Target)> Links { get; init; } = [];

    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>The resource that it is, which was made or asked for.</summary>
    public Uri Resource => Location is null ? throw Strange("there is no Location") : Url(Location, "its Location");

    /// <exception cref="AcmeException">It is something else.</exception>
    public AnswerFields Fields() => AnswerJson.Parse(Body) switch
    {
        null => throw Strange($"it is no JSON but {Quotation()}"),
        { ValueKind: JsonValueKind.Object } json => new(this, json),
        _ => throw Strange($"it is no JSON object but {Quotation()}"),
    };

    /// <summary>A URL of this authority; one elsewhere would get what is signed for here.</summary>
    public Uri Url(string text, string field) =>
        !Uri.TryCreate(Asked, text, out var url) ? throw Strange($"{field} is no URL: {OneLine.Of(text)}")
        : !IsOf(Asked, url) ? throw Strange($"{field} leads elsewhere: {OneLine.Of(text)}")
        : url;

    /// <param name="relation">Of RFC 8288, lower case.</param>
    public IEnumerable<Uri> Linked(string relation) => Links.Where(link => link.Relation == relation).Take(MostLinks).Select(link => Url(link.Target, $"the link {relation}"));

    public static bool IsOf(Uri authority, Uri url) => url.Scheme == Uri.UriSchemeHttps && url.Authority == authority.Authority && url.UserInfo.Length == 0;

    /// <summary>Of an answer that says success but cannot be.</summary>
    public AcmeException Strange(string why) => new($"{Asked.Authority} answers {What} in a way that ACME does not know: {why}") { IsUnavailable = true };

    /// <summary>Of an answer that is no success.</summary>
    public AcmeException Refusal()
    {
        var problem = AcmeProblem.Read(this);
        var isUnavailable = Status >= 500 || (problem is null && Status != 429);
        problem ??= Status == 429 ? new(AcmeProblem.RateLimited, "too many requests", Status, null, []) : null;
        var cause = problem?.Sentence ?? (Location is null ? $"it answers {Status} with {Quotation()}" : $"it answers {Status} and names another place: {OneLine.Of(Location)}");
        var wait = RetryAfter is { } time ? $"; it asks to wait for {time.TotalSeconds:0} s" : "";
        return new($"{Asked.Authority} refuses {What}: {cause}{wait}") { Problem = problem, RetryAfter = RetryAfter, IsUnavailable = isUnavailable };
    }

    /// <summary>The beginning of what is no JSON.</summary>
    private string Quotation() =>
        Body.Length == 0 ? "nothing" : $"{(MediaType.Length == 0 ? "something without a type" : OneLine.Of(MediaType))}: {OneLine.Of(Encoding.UTF8.GetString(Body.AsSpan(0, Math.Min(Body.Length, LongestQuotation))))}";
}
