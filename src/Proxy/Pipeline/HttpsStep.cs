using System.Buffers;
using System.Globalization;
using IngressController.Proxy.Clients;
using IngressController.Routing.Matching;
using IngressController.Routing.Model;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace IngressController.Proxy.Pipeline;

/// <summary>Step 7: clients that do not speak TLS are sent to https; those that do are told to stay with it.</summary>
internal sealed class HttpsStep(RequestDelegate next, IOptions<ProxyOptions> options)
{
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");
    private static readonly SearchValues<char> AddressCharacters = SearchValues.Create("abcdefABCDEF0123456789:.");

    private readonly RoutePolicies unrouted = options.Value.Policies;
    private readonly string port = options.Value.PublicHttpsPort == 443 ? "" : string.Create(CultureInfo.InvariantCulture, $":{options.Value.PublicHttpsPort}");

    /// <summary>Null where HTTP/3 is not spoken. RFC 9114 section 3.1.1.</summary>
    private readonly string? altSvc = options.Value.Http3 ? string.Create(CultureInfo.InvariantCulture, $"h3=\":{options.Value.PublicHttpsPort}\"; ma=86400") : null;

    public Task InvokeAsync(HttpContext context)
    {
        var exchange = Exchange.Of(context);
        var host = RequestHost.Normalize(context.Request.Headers.Host.ToString());
        var policies = exchange.Route?.Policies ?? unrouted;
        if (exchange.IsHttps)
        {
            if (altSvc is not null && context.Request.IsHttps && IsMeantForHttp3(exchange.Tables.GuardOf(host)))
            {
                context.Response.Headers.AltSvc = altSvc;
            }

            if (policies.StrictTransportSecurity is { } value && (exchange.Route is not null || IsTlsAskedFor(exchange.Tables, host)))
            {
                context.Response.OnStarting(static state => WriteStrictTransportSecurity((ValueTuple<HttpContext, string>)state), (context, value));
            }

            return next(context);
        }

        var isRedirected = policies.Redirect == HttpsRedirect.Always || (policies.Redirect == HttpsRedirect.WithTls && IsTlsAskedFor(exchange.Tables, host));
        return isRedirected && !AcmeChallenge.IsMeantBy(exchange.Target) ? Redirect(context, exchange, host) : next(context);
    }

    /// <summary>Browsers show no certificates over QUIC, and what is passed through is not ours to offer.</summary>
    private static bool IsMeantForHttp3(HostGuard guard) => guard is { Clients: null, IsPassedThrough: false };

    private static bool IsTlsAskedFor(ServingTables tables, ReadOnlySpan<char> host) => tables.Tls.Ask(host) || tables.GuardOf(host).IsPassedThrough;

    /// <summary>308 keeps the method. The host is the Host header and not X-Forwarded-Host, which many load balancers pass on as clients make it up.</summary>
    private Task Redirect(HttpContext context, Exchange exchange, ReadOnlySpan<char> host)
    {
        if (!IsHost(host))
        {
            return BuiltInAnswer.WriteAsync(context, exchange, StatusCodes.Status400BadRequest, Reason.MalformedHost);
        }

        context.Response.Headers.Location = string.Concat("https://", host, port, exchange.Target);
        return BuiltInAnswer.WriteAsync(context, exchange, StatusCodes.Status308PermanentRedirect, Reason.HttpsRedirect);
    }

    private static bool IsHost(ReadOnlySpan<char> host) =>
        host is ['[', .. var address, ']'] ? !address.IsEmpty && !address.ContainsAnyExcept(AddressCharacters)
        : !host.IsEmpty && !host.ContainsAnyExcept(NameCharacters);

    /// <summary>Last of all, so that it stands in the place of the backend's own.</summary>
    private static Task WriteStrictTransportSecurity((HttpContext Context, string Value) answer)
    {
        answer.Context.Response.Headers.StrictTransportSecurity = answer.Value;
        return Task.CompletedTask;
    }
}
