using System.Text;
using System.Text.Json.Nodes;

namespace IngressController.Testing.Acme;

/// <summary>What the authority answers.</summary>
public sealed record AcmeReply(int Status, string ContentType, byte[] Body)
{
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>The connection breaks in the middle of the body.</summary>
    public bool IsCut { get; init; }

    public string Text => Encoding.UTF8.GetString(Body);

    public static AcmeReply Json(int status, JsonObject json) => new(status, "application/json", Encoding.UTF8.GetBytes(json.ToJsonString()));

    public static AcmeReply Problem(int status, string type, string detail, params JsonObject[] subproblems)
    {
        var problem = new JsonObject { ["type"] = $"urn:ietf:params:acme:error:{type}", ["detail"] = detail, ["status"] = status };
        if (subproblems.Length > 0)
        {
            problem["subproblems"] = new JsonArray([.. subproblems]);
        }

        return Json(status, problem) with { ContentType = "application/problem+json" };
    }

    public AcmeReply With(string header, string value) => this with { Headers = [.. Headers.Where(known => known.Name != header || header == "Link"), (header, value)] };

    /// <param name="change">Of its JSON.</param>
    public AcmeReply Changed(Action<JsonObject> change)
    {
        var json = JsonNode.Parse(Body)!.AsObject();
        change(json);
        return this with { Body = Encoding.UTF8.GetBytes(json.ToJsonString()) };
    }
}
