using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace IngressController.Echo;

/// <summary>A backend that says what it was asked, in HTTP/1.1.</summary>
public sealed class EchoServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private EchoServer(string name, WebApplication app) => (Name, this.app) = (name, app);

    public string Name { get; }

    /// <summary>The port that it listens on.</summary>
    public int Port => new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;

    /// <summary>Starts one on 127.0.0.1.</summary>
    /// <param name="name">What it calls itself in its answers.</param>
    /// <param name="port">0: any free port.</param>
    /// <exception cref="IOException">The port is in use.</exception>
    public static Task<EchoServer> StartAsync(string name, int port, CancellationToken cancellationToken) =>
        StartAsync(name, IPAddress.Loopback, port, cancellationToken);

    /// <inheritdoc cref="StartAsync(string, int, CancellationToken)"/>
    /// <param name="address">An address of this machine.</param>
    public static async Task<EchoServer> StartAsync(string name, IPAddress address, int port, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(address, port);
            kestrel.Limits.MaxRequestBodySize = null;
        });
        builder.Services.AddSingleton<IHostLifetime, OwnersLifetime>();
        var app = builder.Build();
        app.Run(context => EchoAnswer.WriteAsync(context, name));
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException failure)
        {
            await app.DisposeAsync();
            throw new IOException(string.Create(CultureInfo.InvariantCulture, $"port {port}, which the backend {name} listens on, is in use"), failure);
        }

        return new(name, app);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    /// <summary>Lives as long as its owner wants; signals are the owner's.</summary>
    private sealed class OwnersLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
