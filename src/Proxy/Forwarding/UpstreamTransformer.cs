using System.Net;
using IngressController.Proxy.Pipeline;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace IngressController.Proxy.Forwarding;

/// <summary>
/// What changes between a request and what the backend receives: nothing but hop-by-hop headers. YARP's base class copies the rest, Host among it; the
/// steps have already put the forwarded headers into the request.
/// </summary>
internal sealed class UpstreamTransformer : HttpTransformer
{
    private const string UpgradeInsecureRequests = "Upgrade-Insecure-Requests";

    private static readonly UriCreationOptions AsItIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    public static UpstreamTransformer Instance { get; } = new();

    public override async ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);

        // Dangerous only for targets with spaces or control characters, which the route step has refused.
        proxyRequest.RequestUri = new Uri(destinationPrefix + Exchange.Of(httpContext).Target, AsItIs);

        // A browser's wish, not a hop-by-hop header, but YARP takes it for one.
        if (httpContext.Request.Headers.TryGetValue(UpgradeInsecureRequests, out var wish))
        {
            proxyRequest.Headers.TryAddWithoutValidation(UpgradeInsecureRequests, (IEnumerable<string?>)wish);
        }

        // Otherwise YARP has put an empty content there, to carry a header like Content-Type.
        if (proxyRequest.Content is { } body && httpContext.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true })
        {
            proxyRequest.Content = new FlushedContent(body);
        }
    }

    public override async ValueTask<bool> TransformResponseAsync(
        HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        var copyBody = await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
        if (proxyResponse is null)
        {
            return copyBody;
        }

        var exchange = Exchange.Of(httpContext);
        var headers = httpContext.Response.Headers;
        if (proxyResponse.Headers.NonValidated.TryGetValues("Connection", out var connection))
        {
            HopByHopHeaders.RemoveNamed(headers, connection.ToString());
        }

        headers[RequestIdStep.Header] = exchange.RequestId;
        exchange.UpstreamStatus = httpContext.Response.StatusCode;
        if (proxyResponse.StatusCode != HttpStatusCode.SwitchingProtocols && proxyResponse.RequestMessage?.Method != HttpMethod.Connect)
        {
            await EarlyHeaders.PassOnAsync(httpContext.Response, proxyResponse, cancellationToken);
        }

        return copyBody;
    }
}
