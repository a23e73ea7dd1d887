using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using IngressController.Testing;

namespace IngressController.EndToEnd.Acme.Running;

/// <summary>A client that trusts one root and nobody else, and takes every name for the program's address.</summary>
internal sealed class Visitor : IDisposable
{
    private readonly HttpClient client;
    private readonly ControllerProcess program;
    private volatile string serial = "";
    private int connections;

    /// <param name="rootPem">Whom to trust.</param>
    /// <param name="keepsConnections">Else there is a handshake for each request.</param>
    /// <param name="version">Of HTTP.</param>
    /// <param name="looksAtExpiry">Whether an expired certificate is refused.</param>
    public Visitor(ControllerProcess program, string rootPem, bool keepsConnections = false, int version = 1, bool looksAtExpiry = true)
    {
        this.program = program;
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPem(rootPem);
        policy.VerificationFlags = looksAtExpiry ? X509VerificationFlags.NoFlag : X509VerificationFlags.IgnoreNotTimeValid;
        client = new(new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            PooledConnectionLifetime = keepsConnections ? Timeout.InfiniteTimeSpan : TimeSpan.Zero,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            ConnectCallback = (_, cancellationToken) => ConnectAsync(cancellationToken),
            SslOptions = new() { CertificateChainPolicy = policy, RemoteCertificateValidationCallback = Judge },
        })
        { DefaultRequestVersion = new(version, version == 1 ? 1 : 0), DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
    }

    /// <summary>How often it has connected.</summary>
    public int Connections => Volatile.Read(ref connections);

    /// <summary>Of the last certificate that it was shown and found good, for this host.</summary>
    public string Serial => serial;

    /// <exception cref="HttpRequestException">Also where the certificate is not good.</exception>
    public async Task<HttpStatusCode> AskAsync(string host)
    {
        using var answer = await client.GetAsync($"https://{host}/");
        return answer.StatusCode;
    }

    /// <summary>Waits until a good certificate is shown.</summary>
    /// <param name="notThis">Its serial number.</param>
    /// <returns>The serial number of the one that is shown.</returns>
    public async Task<string> ShownAsync(string host, string notThis = "")
    {
        try
        {
            await Eventually.TrueAsync(() => IsShownAsync(host, notThis), $"{host} has a certificate");
            return serial;
        }
        catch (TimeoutException timeout)
        {
            throw new TimeoutException($"{timeout.Message}\n{program.Program.Output}\n{program.Program.Errors}", timeout);
        }
    }

    public void Dispose() => client.Dispose();

    private async Task<bool> IsShownAsync(string host, string notThis)
    {
        try
        {
            Assert.Equal(HttpStatusCode.OK, await AskAsync(host));
            return serial != notThis;
        }
        catch (HttpRequestException refused) when (refused.HttpRequestError == HttpRequestError.SecureConnectionError)
        {
            return false;
        }
    }

    private bool Judge(object sender, X509Certificate? shown, X509Chain? chain, SslPolicyErrors errors)
    {
        serial = errors == SslPolicyErrors.None ? shown!.GetSerialNumberString() : serial;
        return errors == SslPolicyErrors.None;
    }

    private async ValueTask<Stream> ConnectAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref connections);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(program.Https.Host, program.Https.Port, cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
