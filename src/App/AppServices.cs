using IngressController.App.Dashboard;
using IngressController.App.Health;
using IngressController.App.Metrics;
using IngressController.App.Tracing;
using IngressController.Certificates;
using IngressController.Certificates.Acme.Challenges;
using IngressController.Certificates.Acme.Issuing;
using IngressController.Cluster;
using IngressController.Kubernetes;
using IngressController.Kubernetes.Api;
using IngressController.Kubernetes.Events;
using IngressController.Kubernetes.Leadership;
using IngressController.Kubernetes.Manifests;
using IngressController.Kubernetes.Secrets;
using IngressController.Kubernetes.Status;
using IngressController.Kubernetes.Watching;
using IngressController.Proxy;
using IngressController.Proxy.Streams;
using Microsoft.AspNetCore.Hosting.Server;

namespace IngressController.App;

internal static class AppServices
{
    public static IServiceCollection AddApp(this IServiceCollection services, RunOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton(options.Translation);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(provider => new Readiness(provider.GetRequiredService<DataPlane>().BeginServing));
        services.AddSingleton(provider => new CertificateStore(provider.GetRequiredService<TimeProvider>(), provider.GetService<OcspStapling>()));
        if (options.StaplesOcsp)
        {
            services.AddSingleton<OcspStapling>().AddHostedService(provider => provider.GetRequiredService<OcspStapling>());
        }

        if (options.Acme is { } acme)
        {
            services.AddSingleton(acme).AddSingleton<ChallengeAnswers>().AddSingleton<AcmeIssuing>().AddSingleton<CertificateOrders>();
        }

        services.AddSingleton(provider => Rollout(options, provider.GetRequiredService<CertificateStore>(), provider.GetRequiredService<DataPlane>(), provider.GetRequiredService<StreamPorts>(), provider.GetRequiredService<ConfigurationMetrics>()));
        services.AddSingleton<ConfigurationMetrics>().AddSingleton<CertificateMetrics>();
        services.AddSingleton<Func<ListenAddresses>>(provider => () =>
            Listening.AddressesOf(provider.GetRequiredService<IServer>(), provider.GetRequiredService<AdminServer>().Addresses));
        services.AddSingleton<Announcer>().AddSingleton<Standing>();
        services.AddDashboard(options);
        services.AddSingleton<IHostLifetime, SignalLifetime>();
        services.Configure<HostOptions>(host => host.ServicesStartConcurrently = true); // so that every port that cannot be had is reported, not only the first

        services.AddMetricsExport(options);
        if (options is { Tracing: not null, Metrics.Otlp: { } otlp })
        {
            services.AddHostedService(provider => new SpanPush(otlp, options.Identity, provider.GetRequiredService<ILogger<SpanPush>>()));
        }

        // The public ports stop before these (SignalLifetime): while the last requests finish, news are still applied and probes answered.
        services.AddSingleton<AdminServer>().AddHostedService(provider => provider.GetRequiredService<AdminServer>());
        services.AddSingleton<ProblemLog>().AddHostedService(provider => provider.GetRequiredService<ProblemLog>());
        services.AddHostedService<ControlLoop>();
        services.AddHostedService<OldObjects>();
        return services;
    }

    /// <summary>Certificates first: a host is redirected to https only when its certificate is there.</summary>
    private static Rollout Rollout(RunOptions options, CertificateStore certificates, DataPlane dataPlane, StreamPorts streams, ConfigurationMetrics metrics) => new(
        options.Translation,
        change =>
        {
            certificates.Apply(change);
            dataPlane.Apply(change);
            streams.Apply(change);
        },
        () => streams.Problems,
        () => streams.FailedTries,
        metrics);

    /// <summary>Where objects come from: a cluster, or a directory of manifests.</summary>
    public static IServiceCollection AddSource(this IServiceCollection services, RunOptions options)
    {
        if (options.Connection is not { } connection)
        {
            if (options.StateDirectory is { } state)
            {
                services.AddSingleton<ISecretWriter>(_ => new StateDirectory(state));
                if (options.Acme is not null)
                {
                    services.AddHostedService<CertificateOrderer>();
                }
            }

            return services.AddSingleton<IClusterSource>(provider => new DirectorySource(
                options.ManifestsDirectory!, options.StateDirectory, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<DirectorySource>>()));
        }

        services.AddSingleton(provider => new ApiClient(
            connection, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<ApiClient>>()));
        services.AddSingleton<KubernetesMetrics>().AddWriting(options.Writing!);
        return services.AddSingleton<IClusterSource>(provider => new ClusterSource(
            provider.GetRequiredService<ApiClient>(),
            options.Reading,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ClusterSource>>(),
            provider.GetRequiredService<KubernetesMetrics>()));
    }

    private static void AddWriting(this IServiceCollection services, WritingOptions writing)
    {
        services.AddSingleton(writing.Publish).AddSingleton(writing.Lease).AddSingleton(writing.Origin);
        services.AddSingleton<ISecretWriter>(provider => new ApiSecretWriter(provider.GetRequiredService<ApiClient>(), writing.Publish.Manager));
        services.AddSingleton<StatusWriter>().AddSingleton<EventWriter>().AddSingleton<LeaderElection>();
        services.AddSingleton<ClusterWriter>().AddHostedService(provider => provider.GetRequiredService<ClusterWriter>());
    }
}
