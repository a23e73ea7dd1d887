using System.Collections.Concurrent;
using System.Net;
using IngressController.Testing.Acme.Issuing;
using IngressController.Testing.Tls;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace IngressController.Testing.Acme;

/// <summary>
/// A certificate authority on loopback that keeps RFC 8555, RFC 8737 and RFC 9773 to the letter, and says so where a client does not. What goes wrong is ordered from it.
/// </summary>
public sealed class FakeAcme : IAsyncDisposable
{
    private readonly TestAuthority tlsAuthority = TestAuthority.Create("authority of the authority");
    private readonly TestCertificate tls;
    private readonly CertificateIssuer issuer;
    private readonly Register register;
    private readonly RequestHandler handler;
    private readonly ConcurrentDictionary<AcmeEndpoint, ConcurrentQueue<AcmeFault>> faults = new();
    private readonly ConcurrentBag<Task> validations = [];
    private WebApplication? app;
    private int port;

    private FakeAcme(AcmeRules rules)
    {
        Rules = rules;
        tls = tlsAuthority.Server("127.0.0.1", "localhost");
        issuer = new(rules);
        register = new(rules, () => $"https://127.0.0.1:{port}");
        handler = new(register, issuer, work => validations.Add(Task.Run(work)));
    }

    public AcmeRules Rules { get; }

    /// <summary>RFC 8555 section 7.1.1.</summary>
    public Uri Directory => new(register.Url("/directory"));

    /// <summary>PEM of who signed its TLS certificate.</summary>
    public string CaBundle => tlsAuthority.Pem;

    /// <summary>PEM of the roots that its certificates lead to, as <see cref="AcmeRules.Roots"/> names them.</summary>
    public IReadOnlyList<string> RootPems => issuer.RootPems;

    /// <summary>Requests so far, also those that were refused.</summary>
    public IReadOnlyCollection<AcmeEndpoint> Requests => handler.Seen;

    public IReadOnlyList<AcmeOrder> Orders
    {
        get
        {
            lock (register.Gate)
            {
                return [.. register.Orders.Select(order => new AcmeOrder(register.Url($"/order/{order.Id}"), register.Url($"/account/{order.Account.Id}"), order.Hosts, register.Refreshed(order).Status, order.Profile, order.Replaces))];
            }
        }
    }

    public IReadOnlyList<AcmeCertificate> Certificates
    {
        get
        {
            lock (register.Gate)
            {
                return [.. register.Certificates.Select(one => new AcmeCertificate(one.Leaf.SerialNumber, one.Order.Hosts, issuer.Chain(one.Leaf, 0), one.Revoked, register.Url($"/order/{one.Order.Id}")))];
            }
        }
    }

    public IReadOnlyList<AcmeContact> Accounts
    {
        get
        {
            lock (register.Gate)
            {
                return [.. register.Accounts.Select(account => new AcmeContact(register.Url($"/account/{account.Id}"), account.Status, [.. account.Contact.Select(address => (string)address!)], account.Key.Thumbprint))];
            }
        }
    }

    public static async Task<FakeAcme> StartAsync(AcmeRules? rules = null)
    {
        var authority = new FakeAcme(rules ?? new());
        await authority.StartListeningAsync();
        return authority;
    }

    /// <summary>The next requests meet it, each one once.</summary>
    public void Order(AcmeEndpoint endpoint, AcmeFault fault, int times = 1)
    {
        for (var time = 0; time < times; time++)
        {
            faults.GetOrAdd(endpoint, _ => new()).Enqueue(fault);
        }
    }

    /// <summary>From now on none of the nonces is good that were given out.</summary>
    public void ForgetNonces() => handler.Nonces.Forget();

    /// <summary>Nobody has an account any more, as after a move to another database.</summary>
    public void ForgetAccounts()
    {
        lock (register.Gate)
        {
            register.Accounts.Clear();
        }
    }

    /// <summary>Refuses connections from now on and cuts those that are open.</summary>
    public async Task StopListeningAsync()
    {
        if (Interlocked.Exchange(ref app, null) is { } running)
        {
            using var now = new CancellationTokenSource(TimeSpan.FromMilliseconds(200), TimeProvider.System);
            await running.StopAsync(now.Token);
            await running.DisposeAsync();
        }
    }

    /// <summary>On the port that it had before.</summary>
    public async Task StartListeningAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, port, listener =>
            {
                listener.Protocols = HttpProtocols.Http1;
                listener.UseHttps(tls.Loaded);
            });
        });
        app = builder.Build();
        app.Run(RespondAsync);
        await app.StartAsync();
        port = new Uri(app.Urls.First()).Port;
    }

    public async ValueTask DisposeAsync()
    {
        await StopListeningAsync();
        await Task.WhenAll(validations).InTime();
        issuer.Dispose();
        tlsAuthority.Dispose();
    }

    private async Task RespondAsync(HttpContext context)
    {
        var path = AcmePath.Of(context.Request.Path.Value ?? "", (string?)context.Request.Query["page"] ?? "");
        handler.Seen.Enqueue(path.Endpoint);
        await Rules.Hold(new(path.Endpoint, IsDone: false));
        var fault = faults.TryGetValue(path.Endpoint, out var ordered) && ordered.TryDequeue(out var next) ? next : null;
        var reply = fault is { IsCarriedOut: false } ? new(200, "", []) : await handler.AnswerAsync(context.Request, path);
        reply = fault?.Change(reply) ?? reply;
        await Rules.Hold(new(path.Endpoint, IsDone: true));
        await WriteAsync(context, reply);
    }

    private static async Task WriteAsync(HttpContext context, AcmeReply reply)
    {
        context.Response.StatusCode = reply.Status;
        context.Response.ContentType = reply.ContentType.Length > 0 ? reply.ContentType : null;
        foreach (var (name, value) in reply.Headers)
        {
            context.Response.Headers.Append(name, value);
        }

        if (reply.IsCut)
        {
            context.Abort();
        }
        else if (context.Request.Method != "HEAD" && reply.Status != 204)
        {
            await context.Response.Body.WriteAsync(reply.Body, context.RequestAborted);
        }
    }
}
