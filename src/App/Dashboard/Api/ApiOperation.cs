using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using IngressController.Certificates.Acme.Issuing;
using IngressController.Cluster;

namespace IngressController.App.Dashboard.Api;

/// <summary>Something that can be asked, as it is documented.</summary>
internal sealed record ApiParameter(string Name, string Description, bool IsRequired, Func<JsonObject> Schema)
{
    public static ApiParameter Text(string name, string description) => new(name, description, false, () => new() { ["type"] = "string" });

    public static ApiParameter Required(string name, string description) => new(name, description, true, () => new() { ["type"] = "string" });

    public static ApiParameter Texts(string name, string description) => new(name, description, false, () => new() { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "string" } });

    public static ApiParameter Number(string name, string description, int least, int most, int fallback) =>
        new(name, description, false, () => new() { ["type"] = "integer", ["minimum"] = least, ["maximum"] = most, ["default"] = fallback });

    public static ApiParameter Words(string name, string description, params IEnumerable<string> words) =>
        new(name, description, false, () => new() { ["type"] = "string", ["enum"] = new JsonArray([.. words.Select(word => (JsonNode?)word)]) });
}

/// <param name="Answer">Null for what is described elsewhere, and for streams.</param>
/// <param name="Events">Of a stream, by their names.</param>
internal sealed record ApiOperation(
    string Path, string Id, string Summary, JsonTypeInfo? Answer, IReadOnlyList<ApiParameter> Parameters, IReadOnlyList<(string Name, JsonTypeInfo Type)> Events, bool CanBeMissing = false)
{
    private static readonly ApiParameter[] Paging =
    [
        ApiParameter.Number("offset", "How many items to pass over", 0, int.MaxValue, 0),
        ApiParameter.Number("limit", "How many items to answer at most", 1, PageQuery.MostLimit, PageQuery.DefaultLimit),
    ];

    private static readonly ApiParameter Namespace = ApiParameter.Text("namespace", "Only of this namespace");

    public static IReadOnlyList<ApiOperation> All { get; } =
    [
        Get("/api/overview", "overview", "What somebody wants to know first", ApiJson.Shapes.Overview),
        Get("/api/hosts", "hosts", "The hosts that Ingresses declare, in the order of their names", ApiJson.Shapes.PageHostItem, [
            ApiParameter.Text("search", "In the name of the host, whatever the case, in ASCII (xn--) or as people write it"), ApiParameter.Text("namespace", "Some Ingress of this namespace declares it"),
            ApiParameter.Text("class", "Some Ingress of this class declares it"), ApiParameter.Words("problem", "It has a problem of this code, or any", ["any", .. Enum.GetNames<ProblemCode>()]), .. Paging]),
        Get("/api/hosts/{host}", "host", "Everything about one host: its routes in the order in which they are tried", ApiJson.Shapes.HostDetail, [
            ApiParameter.Required("host", "As a rule names it; * for rules without a host")]) with { CanBeMissing = true },
        Get("/api/backends", "backends", "The backends that routes name, with their destinations", ApiJson.Shapes.PageBackendItem, [
            ApiParameter.Text("search", "In namespace/name:port"), Namespace, ApiParameter.Words("state", "ok; failing: destinations failed lately; empty: there is none", Enum.GetValues<BackendState>().Select(state => ApiJson.Word(state))), .. Paging]),
        Get("/api/choices", "choices", "What the lists of hosts and backends can be narrowed to", ApiJson.Shapes.Choices),
        Get("/api/certificates", "certificates", "The certificates out of Secrets, broken ones among them, and those that Ingresses ask for by ACME, there or not", ApiJson.Shapes.PageCertificateItem, [
            ApiParameter.Text("search", "In the Secret's name, the issuer, the hosts, the defect or the cause"),
            ApiParameter.Words("state", "Only those that are asked for by ACME and have come to this", Enum.GetValues<AcmeStage>().Select(stage => ApiJson.Word(stage))), .. Paging]),
        Get("/api/problems", "problems", "What is wrong with objects, and the cure", ApiJson.Shapes.PageProblemItem, [
            ApiParameter.Text("search", "In what `check` would print, or the host"), Namespace, ApiParameter.Words("code", "Only of this code", Enum.GetNames<ProblemCode>()),
            ApiParameter.Words("severity", "Only of this severity", Enum.GetValues<Severity>().Select(severity => ApiJson.Word(severity))), .. Paging]),
        Get("/api/top", "top", "Where the traffic goes, the busiest first", ApiJson.Shapes.PageTopItem, [
            ApiParameter.Words("by", "What is added up; default: host", Enum.GetValues<TopKind>().Select(kind => ApiJson.Word(kind))), Paging[1]]),
        Get("/api/explain", "explain", "How a request would be answered, and why", ApiJson.Shapes.ExplainedPage, [
            ApiParameter.Required("url", "As in https://shop.example.com/cart"), ApiParameter.Text("method", "Default: GET"), ApiParameter.Texts("header", "As in Host: other.example.com")]),
        Stream("/api/tail", "tail", "Requests as they end, at most 100 in a quarter of a second", [
            ApiParameter.Text("host", "Without port; *.example.com for all below a name"), ApiParameter.Text("path", "How the path begins"), ApiParameter.Text("status", "As in 404 or 5xx"),
            ApiParameter.Text("ingress", "Namespace and name"), ApiParameter.Text("method", "As in GET")],
            ("request", ApiJson.Shapes.TailItem), ("missed", ApiJson.Shapes.MissedItem)),
        Stream("/api/events", "events", "An overview every two seconds, and each change of the configuration", [],
            ("overview", ApiJson.Shapes.Overview), ("changed", ApiJson.Shapes.ChangedItem)),
        Get("/api/openapi.json", "openapi", "This description", null),
    ];

    /// <summary>By status: when.</summary>
    public IEnumerable<(string Status, string When)> Errors
    {
        get
        {
            yield return ("400", "A parameter is unknown or has a wrong value");
            yield return ("401", "From elsewhere than loopback, without the right token");
            yield return ("403", "From elsewhere than loopback, where that is not allowed; or under a name that is not the controller's");
            if (CanBeMissing)
            {
                yield return ("404", "There is no such thing");
            }

            yield return ("405", "Neither GET nor HEAD");
            if (Events.Count > 0)
            {
                yield return ("503", "Too many watch already");
            }
        }
    }

    private static ApiOperation Get(string path, string id, string summary, JsonTypeInfo? answer, params ApiParameter[] parameters) => new(path, id, summary, answer, parameters, []);

    private static ApiOperation Stream(string path, string id, string summary, ApiParameter[] parameters, params (string Name, JsonTypeInfo Type)[] events) =>
        new(path, id, summary, null, parameters, events);
}
