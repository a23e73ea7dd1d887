using System.Text;
using IngressController.Routing.Matching;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace IngressController.Proxy.Pipeline;

/// <summary>What a certificate authority is answered that looks whether a host is ours (RFC 8555 section 8.3); null where nothing of it is known.</summary>
/// <param name="host">Without port and trailing dot, in any case.</param>
/// <param name="token">Letters of base64url only.</param>
public delegate string? ChallengeAnswerSelector(string host, string token);

/// <summary>
/// Step 5, where certificates are obtained: authorities get their answer, in cleartext and over TLS, whatever the Ingresses of the host say. What is not known here
/// is a request like any other: backends may obtain certificates of their own.
/// </summary>
internal sealed class ChallengeStep(RequestDelegate next, ChallengeAnswerSelector answers)
{
    public Task InvokeAsync(HttpContext context)
    {
        var sent = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var target = RequestPath.OriginForm(sent);
        if (!AcmeChallenge.IsMeantBy(target) || !(HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)))
        {
            return next(context);
        }

        var host = RequestHost.Normalize(context.Request.Headers.Host.ToString()).ToString();
        return answers(host, AcmeChallenge.TokenOf(target).ToString()) is { } answer ? WriteAsync(context, target.ToString(), answer) : next(context);
    }

    /// <summary>The media type is that of the RFC's example; browsers show nothing of it.</summary>
    private static Task WriteAsync(HttpContext context, string target, string answer)
    {
        var (exchange, response, body) = (Exchange.Of(context), context.Response, Encoding.ASCII.GetBytes(answer));
        (exchange.Target, exchange.Reason) = (target, Reason.AcmeChallenge);
        response.Headers[RequestIdStep.Header] = exchange.RequestId;
        response.ContentType = "application/octet-stream";
        response.ContentLength = body.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
