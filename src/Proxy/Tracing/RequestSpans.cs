using System.Diagnostics;
using System.Globalization;
using IngressController.Proxy.Observing;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Model;

namespace IngressController.Proxy.Tracing;

/// <summary>
/// The spans of a request: one for all of it, and one in it for each try to have a destination answer. Names and attributes are those of OpenTelemetry's semantic
/// conventions for HTTP. Queries are left out: they carry secrets.
/// </summary>
internal sealed class RequestSpans : IDisposable
{
    private readonly ActivitySource source = new(RequestTraces.SourceName);

    /// <summary>Null where nobody listens.</summary>
    /// <param name="parent">Default: the trace begins here.</param>
    /// <param name="cause">Where the trace begins here although the client has one: that.</param>
    public Activity? Begin(string method, ActivityTraceId trace, ActivityContext parent, ActivityContext cause) => source.StartActivity(
        SpanName(method),
        ActivityKind.Server,
        parent == default ? new(trace, spanId: default, ActivityTraceFlags.None) : parent, // a span without a parent in the trace that was chosen
        links: cause == default ? null : [new(cause)]);

    /// <summary>Null where nobody listens.</summary>
    /// <param name="earlier">Number of tries before it.</param>
    public Activity? BeginTry(Activity request, string method, DestinationState destination, int earlier)
    {
        var span = source.StartActivity(SpanName(method), ActivityKind.Client, request.Context);
        if (span is not null)
        {
            var address = new Uri(destination.Model.Config.Address);
            span.SetTag("http.request.method", span.OperationName == Other ? "_OTHER" : method)
                .SetTag("server.address", address.IdnHost)
                .SetTag("server.port", address.Port);
            if (earlier > 0)
            {
                span.SetTag("http.request.resend_count", earlier);
            }
        }

        return span;
    }

    /// <param name="failure">One word; empty where the destination answered.</param>
    public static void EndTry(Activity? span, int status, string failure)
    {
        if (span is null)
        {
            return;
        }

        if (status > 0)
        {
            span.SetTag("http.response.status_code", status);
        }

        if (failure.Length > 0 || status >= StatusCodes.Status400BadRequest)
        {
            Fail(span, status, failure);
        }

        span.Dispose();
    }

    /// <summary>The end of a request: its span says what became of it.</summary>
    public static void End(Activity span, in RequestRecord record)
    {
        if (span.IsAllDataRequested)
        {
            Describe(span, record);
        }

        span.Dispose();
    }

    public void Dispose() => source.Dispose();

    private const string Other = "HTTP";

    private static void Describe(Activity span, in RequestRecord record)
    {
        span.SetTag("http.request.method", span.OperationName == Other ? "_OTHER" : record.Method)
            .SetTag("url.scheme", record.IsHttps ? "https" : "http")
            .SetTag("url.path", record.ShownPath)
            .SetTag("server.address", record.Host)
            .SetTag("client.address", record.Client.ToString())
            .SetTag("network.protocol.version", record.Protocol.StartsWith("HTTP/", StringComparison.Ordinal) ? record.Protocol[5..] : null)
            .SetTag("user_agent.original", record.UserAgent)
            .SetTag("http.route", record.RoutePath.Length == 0 ? null : record.RoutePath)
            .SetTag("http.response.status_code", record.Status)
            .SetTag("http.response.body.size", record.Bytes)
            .SetTag("ingress.name", record.Ingress.Length == 0 ? null : record.Ingress)
            .SetTag("ingress.service", record.Service.Length == 0 ? null : record.Service)
            .SetTag("ingress.request.id", record.RequestId);
        if (record.Reason.Length > 0)
        {
            span.SetTag("ingress.reason", record.Reason);
        }

        if (record.Status >= StatusCodes.Status500InternalServerError)
        {
            Fail(span, record.Status, record.Reason);
        }
    }

    /// <summary>What is the client's fault is an error of the try, not of the server (OpenTelemetry, HTTP spans, "Status").</summary>
    private static void Fail(Activity span, int status, string failure) =>
        span.SetTag("error.type", failure.Length > 0 ? failure : status.ToString(CultureInfo.InvariantCulture)).SetStatus(ActivityStatusCode.Error);

    /// <summary>A closed set: clients make up methods.</summary>
    private static string SpanName(string method) => method switch
    {
        "GET" or "HEAD" or "POST" or "PUT" or "DELETE" or "CONNECT" or "OPTIONS" or "TRACE" or "PATCH" or "QUERY" => method,
        _ => Other,
    };
}
