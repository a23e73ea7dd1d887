using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using IngressController.Testing.ApiServer.Storage;
using Microsoft.AspNetCore.Http;

namespace IngressController.Testing.ApiServer.Reading;

/// <summary>Answers lists: whole, by pages, and at a revision.</summary>
internal sealed class Listing(ObjectStore store)
{
    private const string TooOld =
        "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use " +
        "the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list " +
        "- objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.";

    /// <returns>The list as JSON.</returns>
    public byte[] Read(ApiRequest request, string @namespace, IQueryCollection query)
    {
        var selector = Selector.Parse(request.Resource, query["labelSelector"], query["fieldSelector"]);
        var token = (string?)query["continue"] is { Length: > 0 } text ? ContinueToken.Parse(text) : null;
        var asked = ResourceVersions.Parse(query["resourceVersion"]);
        CheckOptions(query, token, asked);
        var limit = LimitOf(query, asked);
        var revision = token is null ? Find(asked, query["resourceVersionMatch"], limit) : Find(token);
        var items = revision.List(request.Resource, @namespace)
            .Where(item => (token is null || token.Includes(item, @namespace)) && selector.Matches(item)).ToList();
        var page = limit > 0 && items.Count > limit ? items[..limit] : items;
        var metadata = new JsonObject { ["resourceVersion"] = revision.Number.ToString(CultureInfo.InvariantCulture) };
        if (page.Count < items.Count)
        {
            metadata["continue"] = ContinueToken.After(page[^1], @namespace, token?.Revision == -1 ? -1 : revision.Number).ToString();
            if (selector.IsEmpty)
            {
                metadata["remainingItemCount"] = items.Count - page.Count;
            }
        }

        return Write(request.Resource, metadata, page);
    }

    private static void CheckOptions(IQueryCollection query, ContinueToken? token, long? asked)
    {
        if (token is not null && asked > 0)
        {
            throw ApiFailure.BadRequest("specifying resource version is not allowed when using continue");
        }

        if (query.ContainsKey("sendInitialEvents"))
        {
            throw ResourceVersions.InvalidOptions("sendInitialEvents", "Forbidden: sendInitialEvents is forbidden for list");
        }

        if (query.ContainsKey("resourceVersionMatch") && (asked is null || token is not null))
        {
            throw ResourceVersions.InvalidOptions("resourceVersionMatch", token is null
                ? "Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided"
                : "Forbidden: resourceVersionMatch is forbidden when continue is provided");
        }
    }

    /// <summary>0 for no limit: the watch cache, which answers resourceVersion=0, does not page.</summary>
    private static int LimitOf(IQueryCollection query, long? asked)
    {
        var text = (string?)query["limit"] ?? "";
        return text.Length == 0 || asked == 0 ? 0
            : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var limit) ? Math.Max(limit, 0)
            : throw ApiFailure.BadRequest($"strconv.ParseInt: parsing \"{text}\": invalid syntax");
    }

    private Revision Find(long? asked, string? match, int limit)
    {
        if (asked > store.Latest.Number)
        {
            throw ApiFailure.TooLargeVersion(asked.Value, store.Latest.Number);
        }

        var isExact = asked > 0 && (match == "Exact" || match is null && limit > 0);
        return !isExact ? store.Listed ?? store.Latest
            : store.Find(asked!.Value) ?? throw ApiFailure.Expired("The resourceVersion for the provided list is too old.");
    }

    private Revision Find(ContinueToken token) =>
        token.Revision == -1 ? store.Latest
            : store.Find(token.Revision) ?? throw new ApiFailure(410, "Expired", TooOld) { Continue = token.Inconsistent().ToString() };

    private static byte[] Write(ApiResource resource, JsonObject metadata, List<StoredObject> items)
    {
        using var json = new MemoryStream();
        json.Write(Encoding.UTF8.GetBytes($$"""{"kind":"{{resource.Kind}}List","apiVersion":"{{resource.ApiVersion}}","metadata":{{metadata.ToJsonString()}},"items":["""));
        foreach (var (index, item) in items.Index())
        {
            json.Write(index == 0 ? "\n"u8 : ",\n"u8);
            json.Write(item.Item.Span);
        }

        json.Write("]}\n"u8);
        return json.ToArray();
    }
}
