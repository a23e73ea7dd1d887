using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace IngressController.EndToEnd.Acme;

/// <summary>A server that shows whatever a test wants shown to a certificate authority.</summary>
internal sealed class ChallengeResponder : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly WebApplication http;
    private readonly Task accepting;

    private ChallengeResponder(WebApplication http)
    {
        this.http = http;
        listener.Start();
        accepting = AcceptAsync();
    }

    /// <summary>What is answered over HTTP, by host and path: <c>shop.example/.well-known/...</c>.</summary>
    public ConcurrentDictionary<string, string> Pages { get; } = new();

    /// <summary>Where pages lead instead, by host and path.</summary>
    public ConcurrentDictionary<string, string> Redirects { get; } = new();

    /// <summary>By server name.</summary>
    public ConcurrentDictionary<string, X509Certificate2> Certificates { get; } = new();

    /// <summary>Null: none is agreed on.</summary>
    public SslApplicationProtocol? Protocol { get; set; } = new("acme-tls/1");

    public IPEndPoint HttpAddress { get; private set; } = null!;

    public IPEndPoint TlsAddress => (IPEndPoint)listener.LocalEndpoint;

    public static async Task<ChallengeResponder> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var responder = new ChallengeResponder(app);
        app.Run(responder.RespondAsync);
        await app.StartAsync();
        responder.HttpAddress = IPEndPoint.Parse(new Uri(app.Urls.First()).Authority);
        return responder;
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await accepting; // before its listener is gone, which it may be about to ask
        listener.Dispose();
        await http.DisposeAsync();
        stopping.Dispose();
    }

    private Task RespondAsync(HttpContext context)
    {
        var place = context.Request.Host.Host + context.Request.Path;
        if (Redirects.TryGetValue(place, out var target))
        {
            context.Response.Redirect(target);
            return Task.CompletedTask;
        }

        context.Response.StatusCode = Pages.TryGetValue(place, out var page) ? 200 : 404;
        return context.Response.WriteAsync(page ?? "not here");
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync(stopping.Token);
                await ShakeHandsAsync(client);
            }
        }
        catch (OperationCanceledException)
        {
            // It stops.
        }
    }

    private async Task ShakeHandsAsync(TcpClient client)
    {
        try
        {
            await using var tls = new SslStream(client.GetStream());
            await tls.AuthenticateAsServerAsync((_, hello, _, _) => ValueTask.FromResult(new SslServerAuthenticationOptions
            {
                ServerCertificate = Certificates[hello.ServerName],
                ApplicationProtocols = Protocol is { } protocol ? [protocol] : null,
            }), null, stopping.Token);
            await tls.ShutdownAsync();
        }
        catch (Exception e) when (e is IOException or AuthenticationException or KeyNotFoundException)
        {
            // The client does not like what it is shown, or asks for another host.
        }
    }
}
