using IngressController.Proxy.AccessLog;
using IngressController.Proxy.Balancing;
using IngressController.Proxy.Forwarding;
using IngressController.Proxy.Limits;
using IngressController.Proxy.Listening;
using IngressController.Proxy.Observing;
using IngressController.Proxy.Observing.Traffic;
using IngressController.Proxy.Streams;
using IngressController.Proxy.Tracing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.LoadBalancing;

namespace IngressController.Proxy;

public static class ProxyServices
{
    /// <summary>The data plane: <see cref="DataPlane"/> to apply changes to, and what <see cref="ProxyPipeline.UseProxy"/> needs.</summary>
    /// <param name="configure">Set before the options are checked; every invalid option is reported at start.</param>
    public static IServiceCollection AddProxy(this IServiceCollection services, Action<ProxyOptions> configure)
    {
        services.AddOptions<ProxyOptions>().Configure(configure).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddReverseProxy();
        WithoutDataProtectionAtStart(services);

        services.AddSingleton<TlsFailureLog>();
        services.AddMetrics();
        services.AddSingleton<RequestCounting>().AddSingleton<RequestMetrics>().AddSingleton<DestinationMetrics>().AddSingleton<NginxMetrics>();
        services.AddSingleton<ConnectionMetrics>().AddSingleton<LimitMetrics>().AddSingleton<StreamMetrics>().AddSingleton<SessionBook>();
        services.AddSingleton<ConnectionLimits>().AddSingleton<WatchedTransport>().AddSingleton<IdleConnections>().AddSingleton<RefusedRequests>().AddSingleton<EndedConnections>();
        services.AddSingleton(provider => new StreamPorts(
            provider.GetRequiredService<IOptions<ProxyOptions>>(),
            provider.GetRequiredService<SessionBook>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<StreamPorts>>()));
        services.AddSingleton<UpstreamClients>();
        services.AddSingleton(provider => new BalancingPolicies(provider.GetServices<ILoadBalancingPolicy>()));
        services.AddSingleton(provider => new DataPlane(
            provider.GetRequiredService<BalancingPolicies>(),
            provider.GetRequiredService<UpstreamClients>(),
            provider.GetRequiredService<TrafficBook>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<DataPlane>>()));
        services.AddSingleton<Passthrough>();
        services.AddSingleton<AccessLogQueue>().AddSingleton<RequestTail>().AddSingleton<FinishedRequests>().AddSingleton<RequestSpans>();
        services.AddSingleton(provider => new TrafficBook(provider.GetRequiredService<ConnectionLimits>(), provider.GetRequiredService<TimeProvider>()));
        services.AddHostedService<AccessLogWriter>();

        // Nothing but what it waits for reaches it, and what it waits for reaches nobody else.
        services.AddSingleton<ILoggerProvider, StreamLimitHits>();
        services.AddLogging(logging => logging.AddFilter<StreamLimitHits>(null, LogLevel.None).AddFilter<StreamLimitHits>(StreamLimitHits.Category, LogLevel.Debug));

        // The access log tells of every request, with the reason where one failed; these would tell it twice or thrice more.
        services.AddLogging(logging => logging
            .AddFilter("Yarp.ReverseProxy.Forwarder", LogLevel.None)
            .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None)); // at any level it would make a span of its own for every request
        return services;
    }

    /// <summary>YARP brings data protection for encrypted affinity cookies, which nothing here uses. Its start would write a key file into the home directory.</summary>
    private static void WithoutDataProtectionAtStart(IServiceCollection services)
    {
        var starter = services.FirstOrDefault(service =>
            service.ServiceType == typeof(IHostedService) && service.ImplementationType?.Name == "DataProtectionHostedService");
        if (starter is not null)
        {
            services.Remove(starter);
        }
    }
}
