using IngressController.App.Dashboard.Access;
using IngressController.App.Dashboard.Api;

namespace IngressController.App.Dashboard;

internal static class DashboardServices
{
    public static IServiceCollection AddDashboard(this IServiceCollection services, RunOptions options)
    {
        services.AddSingleton<Views>().AddSingleton<OverviewSource>().AddSingleton<HostList>().AddSingleton<HostPage>().AddSingleton<BackendList>().AddSingleton<CertificateList>();
        services.AddSingleton<ProblemItems>().AddSingleton<TopList>().AddSingleton<ExplainPage>().AddSingleton<LiveEvents>().AddSingleton<AdminApi>();
        if (options.Writing is not null)
        {
            services.AddSingleton<Leadership>();
        }

        if (options.AdminTokenFile is { } file)
        {
            services.AddSingleton(provider => new AdminToken(file, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<AdminToken>>()));
        }

        return services;
    }
}
