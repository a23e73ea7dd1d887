using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using IngressController.Proxy;
using IngressController.Proxy.Listening;
using IngressController.Routing.Model;
using IngressController.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace IngressController.EndToEnd.Proxy;

/// <summary>The data plane alone, on a real Kestrel on loopback, with a model made by hand.</summary>
internal sealed class ProxyUnderTest : IAsyncDisposable
{
    public const string Host = "shop.test";

    private static readonly SslStreamCertificateContext Certificate = SslStreamCertificateContext.Create(SelfSigned.Certificate, null, offline: true);

    private readonly WebApplication app;

    private ProxyUnderTest(WebApplication app, LineSink log)
    {
        (this.app, Log) = (app, log);
        DataPlane = app.Services.GetRequiredService<DataPlane>();
        Address = new Uri(app.Urls.First());
    }

    public DataPlane DataPlane { get; }

    public HandMadeModel Model { get; } = new();

    public LineSink Log { get; }

    public Uri Address { get; }

    public IServiceProvider Services => app.Services;

    public IMeterFactory Meters => Services.GetRequiredService<IMeterFactory>();

    /// <summary>The port with TLS, whose certificate nobody trusts.</summary>
    public IPEndPoint Https => IPEndPoint.Parse(new Uri(app.Urls.Last()).Authority);

    /// <param name="listen">Default 127.0.0.1; <see cref="IPAddress.IPv6Any"/> for a dual-stack port.</param>
    public static async Task<ProxyUnderTest> StartAsync(Action<ProxyOptions>? configure = null, IPAddress? listen = null, bool isServing = true)
    {
        var log = new LineSink();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(server =>
        {
            server.UseProxyLimits();
            server.Listen(listen ?? IPAddress.Loopback, 0, listener => listener.UseProxyCleartext());
            server.Listen(IPAddress.Loopback, 0, listener => listener.UseProxyTls((_, _, _) => Certificate));
        });
        builder.Services.AddProxy(options =>
        {
            (options.AllowLocalTargets, options.AccessLog, options.AccessLogOutput) = (true, AccessLogFormat.Json, log);
            configure?.Invoke(options);
        });
        var app = builder.Build();
        app.UseProxy();
        await app.StartAsync();
        var proxy = new ProxyUnderTest(app, log);
        if (isServing)
        {
            proxy.DataPlane.BeginServing();
        }

        return proxy;
    }

    /// <summary>A proxy that leads everything of <see cref="Host"/> to one Service with these destinations.</summary>
    public static async Task<ProxyUnderTest> StartWithAsync(params Destination[] destinations)
    {
        var proxy = await StartAsync();
        proxy.Serve(destinations);
        return proxy;
    }

    public void Serve(params Destination[] destinations) => Serve(HandMadeModel.Key("web"), BackendProtocol.Http, destinations);

    public void Serve(BackendKey key, BackendProtocol protocol, params Destination[] destinations)
    {
        DataPlane.Apply(Model.Backend(key, protocol, null, destinations));
        DataPlane.Apply(Model.Route(Host, "/", key));
    }

    /// <summary>As <see cref="Serve(Destination[])"/>, over TLS.</summary>
    public void Serve(BackendProtocol protocol, UpstreamIdentity tls, params Destination[] destinations)
    {
        DataPlane.Apply(Model.BackendOverTls(HandMadeModel.Key("web"), protocol, tls, destinations));
        DataPlane.Apply(Model.Route(Host, "/", HandMadeModel.Key("web")));
    }

    /// <summary>A client for <see cref="Host"/>; every connection its own pool.</summary>
    public HttpClient CreateClient(string host = Host, Version? version = null)
    {
        var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, ActivityHeadersPropagator = null })
        {
            BaseAddress = Address,
            DefaultRequestVersion = version ?? HttpVersion.Version11,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Timeout = TimeSpan.FromSeconds(20),
        };
        client.DefaultRequestHeaders.Host = host;
        return client;
    }

    /// <summary>A connection for tests that care about bytes.</summary>
    public async Task<NetworkStream> ConnectAsync()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, Address.Port);
        return new NetworkStream(socket, ownsSocket: true);
    }

    /// <summary>Sends these bytes (one char a byte) and returns all that comes until the connection closes; ask for that by <c>Connection: close</c>.</summary>
    public async Task<string> SendRawAsync(string request)
    {
        await using var stream = await ConnectAsync();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadToEndAsync().InTime();
    }

    /// <summary>As <see cref="SendRawAsync"/>; nothing where the connection breaks.</summary>
    public async Task<string> TryAsync(string request)
    {
        try
        {
            return await SendRawAsync(request);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            return "";
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(500), TimeProvider.System);
        await app.StopAsync(soon.Token);
        await app.DisposeAsync();
    }
}
