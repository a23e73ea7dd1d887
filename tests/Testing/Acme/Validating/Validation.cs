using System.Buffers.Text;
using System.Formats.Asn1;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace IngressController.Testing.Acme.Validating;

/// <summary>Looks whether a host answers a challenge, as real authorities do: over the network.</summary>
internal sealed class Validation(AcmeRules rules)
{
    private const string AcmeIdentifier = "1.3.6.1.5.5.7.1.31";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    /// <returns>What is wrong; null: nothing.</returns>
    public async Task<JsonObject?> ValidateAsync(string kind, string host, string token, string keyAuthorization)
    {
        if (rules.SkipsValidation)
        {
            return null;
        }

        using var deadline = new CancellationTokenSource(Deadline, TimeProvider.System);
        try
        {
            await (kind switch
            {
                "http-01" => AskHttpAsync(host, token, keyAuthorization, deadline.Token),
                "tls-alpn-01" => AskTlsAsync(host, keyAuthorization, deadline.Token),
                _ => AskDnsAsync(host, keyAuthorization),
            });
            return null;
        }
        catch (ValidationFailure e)
        {
            return Problem(e.Type, host, e.Message);
        }
        catch (HttpRequestException e) when (e.InnerException is ValidationFailure failure)
        {
            return Problem(failure.Type, host, failure.Message);
        }
        catch (AuthenticationException e)
        {
            return Problem("tls", host, e.Message);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException or OperationCanceledException)
        {
            return Problem("connection", host, $"Fetching {kind}: {e.Message}");
        }
    }

    private static JsonObject Problem(string type, string host, string detail) => new()
    {
        ["type"] = $"urn:ietf:params:acme:error:{type}",
        ["detail"] = detail,
        ["status"] = type == "connection" ? 400 : 403,
        ["identifier"] = new JsonObject { ["type"] = "dns", ["value"] = host },
    };

    /// <summary>RFC 8555 section 8.3. Redirects are followed, also to https with any certificate.</summary>
    private async Task AskHttpAsync(string host, string token, string keyAuthorization, CancellationToken cancellationToken)
    {
        using var client = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            MaxAutomaticRedirections = 10,
            SslOptions = new() { RemoteCertificateValidationCallback = AcceptAny },
            ConnectCallback = async (context, stop) => new NetworkStream(await ConnectAsync(context.DnsEndPoint.Port == 443 ? rules.TlsAddress : rules.HttpAddress, stop), ownsSocket: true),
        });
        var url = $"http://{host}/.well-known/acme-challenge/{token}";
        using var response = await client.GetAsync(url, cancellationToken);
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        if (response.StatusCode != HttpStatusCode.OK || body.TrimEnd() != keyAuthorization)
        {
            var shown = body.Length > 100 ? body[..100] : body;
            throw new ValidationFailure("unauthorized", $"Invalid response from {url}: {(int)response.StatusCode} \"{shown}\"");
        }
    }

    /// <summary>RFC 8737 section 3.</summary>
    private async Task AskTlsAsync(string host, string keyAuthorization, CancellationToken cancellationToken)
    {
        using var socket = await ConnectAsync(rules.TlsAddress, cancellationToken);
        var protocol = new SslApplicationProtocol("acme-tls/1");
        await using var tls = new SslStream(new NetworkStream(socket));
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = host, ApplicationProtocols = [protocol], RemoteCertificateValidationCallback = AcceptAny }, cancellationToken);
        if (tls.NegotiatedApplicationProtocol != protocol)
        {
            throw new ValidationFailure("unauthorized", "Cannot negotiate ALPN protocol \"acme-tls/1\" for tls-alpn-01 challenge");
        }

        using var shown = X509CertificateLoader.LoadCertificate(tls.RemoteCertificate!.GetRawCertData());
        var names = shown.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(extension => extension.EnumerateDnsNames().Concat(extension.EnumerateIPAddresses().Select(address => address.ToString()))).ToList();
        if (names is not [var name] || !name.Equals(host, StringComparison.OrdinalIgnoreCase))
        {
            throw new ValidationFailure("unauthorized", $"Received certificate with unexpected identifiers: {string.Join(", ", names)}");
        }

        var expected = SHA256.HashData(Encoding.ASCII.GetBytes(keyAuthorization));
        if (shown.Extensions[AcmeIdentifier] is not { Critical: true } extension || !Octets(extension.RawData).AsSpan().SequenceEqual(expected))
        {
            throw new ValidationFailure("unauthorized", "Received certificate with missing, uncritical or wrong acmeIdentifier extension");
        }
    }

    /// <summary>RFC 8555 section 8.4.</summary>
    private async Task AskDnsAsync(string host, string keyAuthorization)
    {
        var name = $"_acme-challenge.{host}";
        var expected = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(keyAuthorization)));
        var found = await rules.ResolveText(name);
        if (!found.Contains(expected))
        {
            throw new ValidationFailure("unauthorized", found.Count == 0 ? $"No TXT record found at {name}" : $"Incorrect TXT record \"{found[0]}\" found at {name}");
        }
    }

    private static async Task<Socket> ConnectAsync(IPEndPoint? address, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(address ?? throw new ValidationFailure("dns", "DNS problem: NXDOMAIN looking up A"), cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Who has no certificate yet shows any (RFC 8555 section 8.3); RFC 8737's proves itself.</summary>
    private static bool AcceptAny(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) => certificate is not null;

    private static byte[] Octets(byte[] der)
    {
        try
        {
            var reader = new AsnReader(der, AsnEncodingRules.DER);
            var octets = reader.ReadOctetString();
            reader.ThrowIfNotEmpty();
            return octets;
        }
        catch (AsnContentException)
        {
            return [];
        }
    }

    private sealed class ValidationFailure(string type, string detail) : Exception(detail)
    {
        public string Type => type;
    }
}
