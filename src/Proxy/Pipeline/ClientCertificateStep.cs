using IngressController.Proxy.Clients;
using IngressController.Proxy.Listening;
using IngressController.Routing.Matching;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace IngressController.Proxy.Pipeline;

/// <summary>Step 8: hosts that ask clients for certificates are reached with good ones, and by connections that were made for them.</summary>
internal sealed class ClientCertificateStep(RequestDelegate next, TimeProvider time)
{
    public Task InvokeAsync(HttpContext context)
    {
        var exchange = Exchange.Of(context);
        if (exchange.Tables.Guards is null)
        {
            return next(context);
        }

        var guard = exchange.Tables.GuardOf(RequestHost.Normalize(context.Request.Headers.Host.ToString()));
        if (context.Request.IsHttps && (guard.IsPassedThrough || guard.Clients != exchange.Tables.GuardOf(ServerName(context)).Clients))
        {
            return BuiltInAnswer.WriteAsync(context, exchange, StatusCodes.Status421MisdirectedRequest, Reason.Misdirected);
        }

        return guard.Clients is null || IsChallenge(context, exchange) ? next(context) : AskAsync(context, exchange, guard.Clients);
    }

    /// <summary>
    /// Certificate authorities ask in cleartext and have nothing to show; what they get is for everybody. Over TLS nothing is exempt, and what could do more than
    /// read (another method, a body, a WebSocket) would reach backends that do not look at the path.
    /// </summary>
    private static bool IsChallenge(HttpContext context, Exchange exchange) =>
        !context.Request.IsHttps && !exchange.IsHttps && AcmeChallenge.IsMeantBy(exchange.Target) && HttpMethods.IsGet(context.Request.Method)
        && context.Features.Get<IHttpUpgradeFeature>() is not { IsUpgradableRequest: true }
        && context.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true };

    /// <summary>RFC 9110 section 15.5.20: a connection is made for the host that it names in SNI.</summary>
    private static string ServerName(HttpContext context) => context.Features.Get<ClientHello>()?.ServerName ?? "";

    private Task AskAsync(HttpContext context, Exchange exchange, ClientPolicy policy)
    {
        if (policy.IsRefused)
        {
            return BuiltInAnswer.WriteAsync(context, exchange, StatusCodes.Status503ServiceUnavailable, Reason.ClientAuthoritiesInvalid);
        }

        var shown = context.Features.Get<ShownCertificate>();
        if (shown is null && context.Request.IsHttps)
        {
            // The connection is older than the policy, so nobody has asked; the next one will.
            context.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
            return BuiltInAnswer.WriteAsync(context, exchange, StatusCodes.Status421MisdirectedRequest, Reason.Misdirected);
        }

        if (shown is { IsNone: true } && HttpProtocol.IsHttp3(context.Request.Protocol))
        {
            // Browsers are not able to show one over QUIC, and do not ask their people for one; over TCP they are and do.
            return BuiltInAnswer.WriteAsync(context, exchange, StatusCodes.Status421MisdirectedRequest, Reason.Misdirected);
        }

        var now = time.GetUtcNow();
        var verdict = shown is null ? policy.Judge([], now) : shown.JudgeBy(policy, now);
        switch (verdict.Admission)
        {
            case Admission.Admitted:
                Tell(context.Request.Headers, verdict);
                return next(context);
            case Admission.NotAllowed:
                return BuiltInAnswer.WriteAsync(context, exchange, StatusCodes.Status403Forbidden, Reason.ClientNotAllowed);
            default:
                return RefuseAsync(context, exchange, policy, verdict.Admission == Admission.Missing ? Reason.ClientCertificateMissing : Reason.ClientCertificateInvalid);
        }
    }

    private static Task RefuseAsync(HttpContext context, Exchange exchange, ClientPolicy policy, Reason reason)
    {
        if (policy.Verification.ErrorPage is not { } page)
        {
            return BuiltInAnswer.WriteAsync(context, exchange, StatusCodes.Status400BadRequest, reason);
        }

        context.Response.Headers.Location = page;
        return BuiltInAnswer.WriteAsync(context, exchange, StatusCodes.Status302Found, reason);
    }

    /// <summary>What clients sent under these names is gone since step 2.</summary>
    private static void Tell(IHeaderDictionary headers, Verdict verdict)
    {
        headers["ssl-client-verify"] = verdict.Outcome;
        Write("ssl-client-subject-dn", verdict.Subject);
        Write("ssl-client-issuer-dn", verdict.Issuer);
        Write("ssl-client-cert", verdict.Certificate);

        void Write(string name, string value)
        {
            if (value.Length > 0)
            {
                headers[name] = value;
            }
        }
    }
}
