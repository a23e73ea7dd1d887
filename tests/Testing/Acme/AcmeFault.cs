using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace IngressController.Testing.Acme;

/// <summary>Something that goes wrong with one request.</summary>
/// <param name="IsCarriedOut">The request does what it asks for; else nobody looks at it, and the reply to change is an empty one.</param>
/// <param name="Change">What comes of the reply.</param>
public sealed record AcmeFault(bool IsCarriedOut, Func<AcmeReply, AcmeReply> Change)
{
    public static AcmeFault ServerError { get; } = Instead(AcmeReply.Problem(500, "serverInternal", "the database is on fire"));

    /// <summary>What a load balancer says for an authority that is gone.</summary>
    public static AcmeFault BadGateway { get; } = Instead(new(502, "text/html", "<html>\r\n<h1>502 Bad Gateway</h1>\r\n</html>"u8.ToArray()));

    /// <summary>The connection breaks, and nothing was done.</summary>
    public static AcmeFault Cut { get; } = Instead(new AcmeReply(200, "application/json", "{\"status\""u8.ToArray()) { IsCut = true });

    /// <summary>The connection breaks after everything was done.</summary>
    public static AcmeFault CutAfterwards { get; } = new(true, reply => reply with { IsCut = true });

    public static AcmeFault Garbage { get; } = new(true, reply => reply with { ContentType = "text/html", Body = "<html>\u001b[31mwelcome to the hotel's wireless network</html>"u8.ToArray() });

    public static AcmeFault Huge { get; } = new(true, reply => reply with { Body = [.. reply.Body, .. Encoding.ASCII.GetBytes(new string(' ', 10 * 1024 * 1024))] });

    public static AcmeFault Null { get; } = new(true, reply => reply with { Body = "null"u8.ToArray() });

    public static AcmeFault Overloaded(int seconds) =>
        Instead(AcmeReply.Problem(503, "rateLimited", "Service busy; retry later.").With("Retry-After", seconds.ToString(CultureInfo.InvariantCulture)));

    public static AcmeFault RateLimited(string detail, int seconds) =>
        Instead(AcmeReply.Problem(429, "rateLimited", detail).With("Retry-After", seconds.ToString(CultureInfo.InvariantCulture)));

    public static AcmeFault Refused(int status, string type, string detail, params JsonObject[] subproblems) => Instead(AcmeReply.Problem(status, type, detail, subproblems));

    /// <param name="change">Of the JSON that is answered.</param>
    public static AcmeFault Changed(Action<JsonObject> change) => new(true, reply => reply.Changed(change));

    /// <summary>Nobody looks at the request.</summary>
    public static AcmeFault Instead(AcmeReply reply) => new(false, _ => reply);
}
