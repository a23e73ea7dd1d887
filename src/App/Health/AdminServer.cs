using System.Net;
using IngressController.App.Dashboard.Access;
using IngressController.App.Dashboard.Api;
using IngressController.App.Dashboard.Pages;
using IngressController.App.Metrics;
using IngressController.Proxy.Limits;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;

namespace IngressController.App.Health;

/// <summary>
/// The admin port: a server of its own, with its own pipeline. So no Host header and no path can reach it through a public port or the other way round, the data
/// path has no branch to take, and the probes are answered until the last request in flight is done.
/// </summary>
internal sealed class AdminServer(RunOptions options, Readiness readiness, MetricsEndpoint metrics, AdminApi api, ILoggerFactory loggers, AdminToken? token = null) : IHostedService, IAsyncDisposable
{
    /// <summary>Far more than those who scrape, probe and look need, and too few to be in their way.</summary>
    private const int MostConnectionsPerClient = 128;

    private readonly ClientConnections clients = new(MostConnectionsPerClient, static () => { });
    private WebApplication? app;

    /// <summary>Once started, where it listens.</summary>
    public string Addresses => Listening.AddressesOf(app!.Services.GetRequiredService<IServer>());

    /// <exception cref="ListenException">The port cannot be had.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        app = Build();
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is IOException or System.Net.Sockets.SocketException)
        {
            throw new ListenException(Listener.Admin, failure);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => app?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public ValueTask DisposeAsync() => app?.DisposeAsync() ?? ValueTask.CompletedTask;

    private WebApplication Build()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.ListenOn(options.BindAddress, options.AdminPort, listener => listener.Use(CountForeign));
        });
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddRoutingCore();
        var admin = builder.Build();
        admin.Use(SecurityHeaders.AddAsync);
        admin.Use(next => new AdminAccess(next, token, options.AdminAllowRemote).InvokeAsync);
        admin.UseRouting();
        admin.MapHealth(readiness);
        admin.MapPages();
        metrics.Map(admin);
        api.Map(admin, admin.Lifetime.ApplicationStopping);
        return admin;
    }

    /// <summary>Loopback has no limit: everybody's kubectl port-forward comes from there.</summary>
    private ConnectionDelegate CountForeign(ConnectionDelegate next)
    {
        var counted = clients.Count<ConnectionContext>(next.Invoke);
        return connection => connection.RemoteEndPoint is IPEndPoint { Address: var address } && IPAddress.IsLoopback(address) ? next(connection) : counted(connection);
    }

    /// <summary>Signals are for the program, which stops this server last; a host without a lifetime of its own would listen for them.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
