using IngressController.App.Cli;
using IngressController.App.Health;
using IngressController.App.Logging;
using IngressController.Certificates;
using IngressController.Certificates.Acme.Challenges;
using IngressController.Proxy;
using IngressController.Proxy.AccessLog;
using IngressController.Proxy.Listening;
using IngressController.Routing.Model;

namespace IngressController.App;

/// <summary>The house: its rooms, and the way of a request through it.</summary>
public static class Program
{
    public static Task<int> Main(string[] args) => CommandLine.InvokeAsync(args);

    /// <summary>The controller, ready to be started.</summary>
    internal static WebApplication Build(RunOptions options)
    {
        // Empty: nothing comes from appsettings.json or ASPNETCORE_* and nothing is in the pipeline but what stands here.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Logging.AddApplicationLog(options.LogFormat);
        if (options.Http3 && Http3Support.IsThere)
        {
            builder.WebHost.UseProxyHttp3(options.Limits);
        }

        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.UseProxyLimits();
            kestrel.ListenOn(options.BindAddress, options.HttpPort, listener => listener.UseProxyCleartext());
            kestrel.ListenOn(
                options.BindAddress,
                options.HttpsPort,
                listener => listener.UseProxyTls(CertificatesOf(kestrel.ApplicationServices), ChallengesOf(kestrel.ApplicationServices) is { } challenges ? challenges.Certificate : null));
        });

        // The rooms.
        builder.Services.AddApp(options);
        builder.Services.AddSource(options);
        builder.Services.AddProxy(proxy => Configure(proxy, options));

        // The way of a request. The admin port is no part of it: it is a server of its own (Health/AdminServer.cs).
        var app = builder.Build();
        if (options.Http3 && !Http3Support.IsThere)
        {
            app.Logger.NoHttp3();
        }

        if (options.AccessLog is null && AccessLogOf(options) != AccessLogFormat.Off)
        {
            app.Logger.NoAccessLog();
        }

        _ = app.Services.GetRequiredService<CertificateMetrics>(); // nobody needs it but whoever listens
        app.UseProxy(ChallengesOf(app.Services) is { } challenges ? challenges.KeyAuthorization : null);
        return app;
    }

    /// <summary>The wings do not know each other; here they meet.</summary>
    private static CertificateSelector CertificatesOf(IServiceProvider services)
    {
        var store = services.GetRequiredService<CertificateStore>();
        return (serverName, takesEcdsa, clients) => store.Find(serverName, takesEcdsa, clients);
    }

    /// <returns>Null: no certificates are obtained.</returns>
    private static ChallengeAnswers? ChallengesOf(IServiceProvider services) => services.GetService<ChallengeAnswers>();

    private static void Configure(ProxyOptions proxy, RunOptions options)
    {
        foreach (var network in options.TrustedProxies)
        {
            proxy.TrustedProxies.Add(network);
        }

        foreach (var cipher in options.TlsCiphers)
        {
            proxy.TlsCiphers.Add(cipher);
        }

        proxy.TraceSampler = options.Tracing?.Sampler();
        proxy.TraceContext = options.Tracing?.Context ?? default;
        proxy.MetricsByHost = options.Metrics.Hosts;
        proxy.Http3 = options.Http3 && Http3Support.IsThere;
        proxy.TlsMinVersion = options.TlsMinVersion;
        proxy.BindAddress = options.BindAddress;
        proxy.Limits = options.Limits;
        proxy.FirstByteTimeout = options.Limits.HeaderTimeout;
        proxy.ProxyProtocol = options.ProxyProtocol;
        proxy.PublicHttpsPort = options.PublicHttpsPort;
        proxy.Policies = RoutePolicies.Of(options.Translation) with { MaxBodySize = options.MaxBodySize };
        proxy.AllowLocalTargets = options.Translation.AllowLocalTargets;
        proxy.AccessLog = options.AccessLog is null ? AccessLogFormat.Off : AccessLogOf(options);
        proxy.AccessLogFilter = options.AccessLogFilter;
        proxy.AccessLogOutput = options.AccessLog ?? Stream.Null;
    }

    private static AccessLogFormat AccessLogOf(RunOptions options) =>
        options.AccessLogFormat ?? (options.LogFormat == LogFormat.Json ? AccessLogFormat.Json : AccessLogFormat.Console);
}
