using System.Net;
using System.Net.Security;
using IngressController.Kubernetes.Api.Identity;

namespace IngressController.Kubernetes.Api;

/// <summary>The connections to an API server. Thread-safe.</summary>
/// <remarks>HTTP/1.1: each watch has a connection of its own, so that a slow one holds up nobody and a broken one breaks only itself.</remarks>
internal sealed class Transport(ApiConnection connection) : IDisposable
{
    private readonly Lock gate = new();
    private ClientCertificate? shown;
    private HttpMessageInvoker? invoker;

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, Credential credential, CancellationToken cancellationToken) =>
        SendWith(credential.Certificate, by => by.SendAsync(request, cancellationToken));

    public void Dispose()
    {
        lock (gate)
        {
            invoker?.Dispose();
        }
    }

    /// <summary>No connection that was opened with another certificate is used again: it would go on as the old identity. What runs on one ends as it would have.</summary>
    /// <param name="begin">Under the lock, because nothing can begin on an invoker that is disposed; it does not wait.</param>
    private Task<HttpResponseMessage> SendWith(ClientCertificate? certificate, Func<HttpMessageInvoker, Task<HttpResponseMessage>> begin)
    {
        lock (gate)
        {
            if (invoker is null || !ReferenceEquals(shown, certificate))
            {
                invoker?.Dispose();
                (invoker, shown) = (new HttpMessageInvoker(CreateHandler(certificate)), certificate);
            }

            return begin(invoker);
        }
    }

    private SocketsHttpHandler CreateHandler(ClientCertificate? certificate) => new()
    {
        AllowAutoRedirect = false, // would take the token to wherever it leads
        UseCookies = false,
        UseProxy = connection.Proxy is not null,
        Proxy = connection.Proxy is { } proxy ? new WebProxy(proxy) { Credentials = CredentialsOf(proxy) } : null,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5), // names and authorities move
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
        SslOptions = new SslClientAuthenticationOptions
        {
            ClientCertificateContext = certificate?.Context,
            RemoteCertificateValidationCallback = (_, ofServer, chain, errors) => TrustedAuthorities.Accept(connection, ofServer, chain, errors),
        },
    };

    private static NetworkCredential? CredentialsOf(Uri proxy) =>
        proxy.UserInfo.Split(':', 2) is [{ Length: > 0 } name, .. var password] ? new(Uri.UnescapeDataString(name), Uri.UnescapeDataString(string.Concat(password))) : null;
}
