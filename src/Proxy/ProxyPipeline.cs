using IngressController.Proxy.Forwarding;
using IngressController.Proxy.Limits;
using IngressController.Proxy.Observing;
using IngressController.Proxy.Observing.Traffic;
using IngressController.Proxy.Pipeline;
using IngressController.Proxy.Tracing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Forwarder;

namespace IngressController.Proxy;

public static class ProxyPipeline
{
    /// <summary>Ends the pipeline of <paramref name="app"/> with the way of a request through the data plane.</summary>
    /// <param name="challenges">Null: certificate authorities ask like any client.</param>
    /// <exception cref="InvalidOperationException">YARP or Kestrel lacks an internal that the data plane needs.</exception>
    public static IApplicationBuilder UseProxy(this IApplicationBuilder app, ChallengeAnswerSelector? challenges = null)
    {
        Internals.Verify();
        var services = app.ApplicationServices;
        var time = services.GetRequiredService<TimeProvider>();
        var dataPlane = services.GetRequiredService<DataPlane>();
        var traffic = services.GetRequiredService<TrafficBook>();

        // Outermost, so that it sees how every request ends, also one that a later step refuses or that fails.
        var finished = services.GetRequiredService<FinishedRequests>();
        var logger = services.GetRequiredService<ILogger<DataPlane>>();
        var log = services.GetRequiredService<IOptions<ProxyOptions>>().Value.AccessLog;
        app.Use(next => new ObservationStep(next, dataPlane, finished, log, time, logger).InvokeAsync);

        // Inside the observation, which tells what was refused, and before anything reads a body.
        services.GetRequiredService<RefusedRequests>().Listen();
        services.GetRequiredService<EndedConnections>().Listen();
        var metrics = services.GetRequiredService<LimitMetrics>();
        var limits = services.GetRequiredService<IOptions<ProxyOptions>>().Value.Limits;
        app.Use(next => new LimitStep(next, limits, metrics, time).InvokeAsync);

        // Before everything that asks who the client is, and before anything reads a header that a client may not set.
        var options = services.GetRequiredService<IOptions<ProxyOptions>>();
        app.Use(next => new ForwardedHeadersStep(next, options).InvokeAsync);

        // Before the first step that may answer, so that every answer carries the id.
        app.Use(next => new RequestIdStep(next).InvokeAsync);

        // After it is known whom to believe, and before the first step that may answer.
        var spans = services.GetRequiredService<RequestSpans>();
        if (options.Value.TraceSampler is { } sampler)
        {
            app.Use(next => new TraceStep(next, spans, sampler, options.Value.TraceContext).InvokeAsync);
        }

        // Before routes, redirects and whatever else an Ingress says: a host is proven by who carries its requests, not by what answers them.
        if (challenges is not null)
        {
            app.Use(next => new ChallengeStep(next, challenges).InvokeAsync);
        }

        var counting = services.GetRequiredService<RequestCounting>();

        // Host and path pick the route. Policies of a route come after this one.
        app.Use(next => new RouteStep(next, dataPlane, counting, traffic, limits.MaxRequestLine).InvokeAsync);

        // Before certificates are asked for, which nobody can show without TLS.
        app.Use(next => new HttpsStep(next, options).InvokeAsync);

        // Before anybody is told which paths there are.
        app.Use(next => new ClientCertificateStep(next, time).InvokeAsync);

        app.Use(next => new RefusalStep(next, options).InvokeAsync);

        // Balancing and forwarding are one step, because a try that fails picks again.
        var forward = new ForwardStep(
            services.GetRequiredService<IHttpForwarder>(), services.GetRequiredService<UpstreamClients>(), services.GetRequiredService<TlsFailureLog>(), spans, time);
        app.Run(forward.InvokeAsync);
        return app;
    }
}
