using System.Globalization;
using System.Net;
using System.Net.Sockets;
using IngressController.Proxy.Forwarding;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace IngressController.Proxy.Pipeline;

/// <summary>
/// Step 2: finds the client's address and writes the headers that tell backends about the connection. The request's own headers are changed, once
/// and before anything reads them, so that no later step or backend sees a header that a client made up.
/// </summary>
internal sealed class ForwardedHeadersStep(RequestDelegate next, IOptions<ProxyOptions> options)
{
    private const string Forwarded = "Forwarded";
    private const string For = "X-Forwarded-For";
    private const string Proto = "X-Forwarded-Proto";
    private const string Host = "X-Forwarded-Host";
    private const string Port = "X-Forwarded-Port";
    private const string ClientCertificate = "ssl-client-";
    private const string RealIP = "X-Real-IP";

    /// <summary>Relatives that some backends read. We do not write them, so a client must not either.</summary>
    private static readonly string[] Relatives =
        ["X-Forwarded-Prefix", "X-Forwarded-Scheme", "X-Forwarded-Server", "X-Forwarded-Ssl", "X-Scheme", "X-Original-Forwarded-For"];

    private readonly TrustedProxies trusted = new(options.Value.TrustedProxies);
    private readonly string httpsPort = options.Value.PublicHttpsPort.ToString(CultureInfo.InvariantCulture);

    public Task InvokeAsync(HttpContext context)
    {
        var headers = context.Request.Headers;
        HopByHopHeaders.Remove(headers);
        RemoveMadeUp(headers);
        var peer = ForwardedNode.Normalize(context.Connection.RemoteIpAddress ?? IPAddress.None);
        var believed = trusted.Contains(peer);
        var client = believed ? ClientAddress.Find(peer, headers[For], headers[Forwarded], trusted) : peer;
        if (!believed)
        {
            foreach (var name in Relatives)
            {
                headers.Remove(name);
            }
        }

        WriteAddresses(headers, peer, client, believed);
        WriteOrigin(headers, context.Request.Scheme, believed);
        WriteForwarded(headers, peer, believed);
        var exchange = Exchange.Of(context);
        (exchange.Client, exchange.IsPeerTrusted, exchange.IsHttps) = (client, believed, IsHttps(headers[Proto]));
        return next(context);
    }

    /// <summary>
    /// CGI, WSGI and PHP read <c>X_Forwarded_For</c> as <c>X-Forwarded-For</c>, so a client could still make up what we replace. As in nginx, no name
    /// with an underscore passes. Nor does what we say of client certificates, to whatever host: backends believe it.
    /// </summary>
    private static void RemoveMadeUp(IHeaderDictionary headers)
    {
        List<string>? found = null;
        foreach (var (name, _) in headers)
        {
            if (name.Contains('_') || name.StartsWith(ClientCertificate, StringComparison.OrdinalIgnoreCase))
            {
                (found ??= []).Add(name);
            }
        }

        found?.ForEach(name => headers.Remove(name));
    }

    private static void WriteAddresses(IHeaderDictionary headers, IPAddress peer, IPAddress client, bool believed)
    {
        headers[RealIP] = client.ToString();
        if (!believed)
        {
            headers[For] = client.ToString();
            return;
        }

        var before = headers[For];
        headers[For] = before.Count > 0 ? string.Concat(before.ToString(), ", ", peer.ToString())
            : ReferenceEquals(client, peer) ? peer.ToString()
            : string.Concat(client.ToString(), ", ", peer.ToString());
    }

    private void WriteOrigin(IHeaderDictionary headers, string scheme, bool believed)
    {
        if (!believed || StringValues.IsNullOrEmpty(headers[Proto]))
        {
            headers[Proto] = scheme;
        }

        if (!believed || StringValues.IsNullOrEmpty(headers[Host]))
        {
            headers[Host] = headers.Host;
        }

        if (!believed || StringValues.IsNullOrEmpty(headers[Port]))
        {
            headers[Port] = PublicPort(headers[Host].ToString(), headers[Proto]);
        }
    }

    /// <summary>The port as the client sees it. Ours is often another one, behind a Service or a load balancer.</summary>
    private string PublicPort(string host, StringValues scheme)
    {
        var colon = host.LastIndexOf(':');
        if (colon > 0 && colon < host.Length - 1 && !host.AsSpan(colon + 1).ContainsAnyExceptInRange('0', '9'))
        {
            return host[(colon + 1)..];
        }

        return string.Equals(scheme, "https", StringComparison.OrdinalIgnoreCase) ? httpsPort : "80";
    }

    /// <summary>The first one, where several proxies have written theirs: it is the client's.</summary>
    private static bool IsHttps(StringValues schemes)
    {
        var text = (schemes.Count == 0 ? "" : schemes[0]).AsSpan();
        var end = text.IndexOf(',');
        var scheme = (end < 0 ? text : text[..end]).Trim();
        return scheme.Equals("https", StringComparison.OrdinalIgnoreCase) || scheme.Equals("wss", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>RFC 7239: told only where the client tells it too; X-Forwarded-* already says everything.</summary>
    private static void WriteForwarded(IHeaderDictionary headers, IPAddress peer, bool believed)
    {
        var before = headers[Forwarded];
        if (before.Count == 0)
        {
            return;
        }

        var node = peer.AddressFamily == AddressFamily.InterNetworkV6 ? $"for=\"[{peer}]\"" : $"for={peer}";
        headers[Forwarded] = believed ? $"{before}, {node}" : $"{node};proto={headers[Proto]}";
    }
}
