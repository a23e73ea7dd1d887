using System.Text.Json.Nodes;

namespace IngressController.Testing.Acme;

/// <summary>A request that the authority does not take: RFC 8555 section 6.7.</summary>
internal sealed class AcmeRefusal(int status, string type, string detail, params JsonObject[] subproblems) : Exception(detail)
{
    public AcmeReply Reply { get; init; } = AcmeReply.Problem(status, type, detail, subproblems);

    public static AcmeRefusal Malformed(string detail) => new(400, "malformed", detail);

    public static AcmeRefusal NotFound(string what) => new(404, "malformed", $"no such {what}");

    public static AcmeRefusal Unauthorized(string detail) => new(403, "unauthorized", detail);
}
