using System.Net;
using IngressController.App.Dashboard.Api;
using IngressController.Routing.Matching;

namespace IngressController.App.Dashboard.Access;

/// <summary>
/// Who may look. From loopback everybody: kubectl port-forward arrives there. From elsewhere probes and metrics are open, and the rest needs the token or the operator's word
/// that a network policy guards the port. The page itself, which has no data in it, is then open too, so that it can ask for the token.
/// </summary>
internal sealed class AdminAccess(RequestDelegate next, AdminToken? token, bool isOpen)
{
    private const string HowToOpen =
        "this is open from loopback only, as for kubectl port-forward; --admin-token-file opens it to who has the token, --admin-allow-remote to whom the network lets through";

    private static readonly string[] OpenToAll = ["/livez", "/readyz", "/metrics"];

    /// <summary>What no proxy in between leaves out: who comes through one is not who it seems.</summary>
    private static readonly string[] MarksOfProxies = ["X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded", "Via"];

    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
        {
            context.Response.Headers.Allow = "GET, HEAD";
            return Answer.ErrorAsync(context, StatusCodes.Status405MethodNotAllowed, "this is for reading only: GET and HEAD");
        }

        if (OpenToAll.Contains(request.Path.Value, StringComparer.Ordinal) || (token is not null && token.IsIn(request)))
        {
            return next(context);
        }

        if (!IsOwnName(request.Host))
        {
            return Answer.ErrorAsync(context, StatusCodes.Status403Forbidden, "this name is not the controller's: use an IP address, localhost or the name of its Service");
        }

        return IsLocal(context) || isOpen || (token is not null && !IsOfApi(request.Path)) ? next(context)
            : token is null ? Answer.ErrorAsync(context, StatusCodes.Status403Forbidden, HowToOpen)
            : RefuseAsync(context);
    }

    /// <summary>
    /// A page from elsewhere could have its own name lead to this address and read what its browser may see here (DNS rebinding). It cannot do so with an address, nor with
    /// a name that no public DNS has.
    /// </summary>
    private static bool IsOwnName(HostString header)
    {
        var host = RequestHost.Normalize(header.Value).ToString();
        var address = host.StartsWith('[') ? host.Trim('[', ']') : host;
        return IPAddress.TryParse(address, out _)
            || (host.Length > 0 && !host.Contains('.', StringComparison.Ordinal))
            || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
            || host.EndsWith(".svc", StringComparison.OrdinalIgnoreCase)
            || host.EndsWith(".svc.cluster.local", StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsOfApi(PathString path) => path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase);

    /// <summary>The two addresses alone: service meshes hand foreign connections over from others of 127.0.0.0/8.</summary>
    private static bool IsLocal(HttpContext context)
    {
        var peer = context.Connection.RemoteIpAddress;
        peer = peer is { IsIPv4MappedToIPv6: true } ? peer.MapToIPv4() : peer;
        return (IPAddress.Loopback.Equals(peer) || IPAddress.IPv6Loopback.Equals(peer)) && !MarksOfProxies.Any(context.Request.Headers.ContainsKey);
    }

    private static Task RefuseAsync(HttpContext context)
    {
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return Answer.ErrorAsync(context, StatusCodes.Status401Unauthorized, "this needs the token of --admin-token-file, as in Authorization: Bearer TOKEN");
    }
}
