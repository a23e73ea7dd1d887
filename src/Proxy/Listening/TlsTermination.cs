using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
using IngressController.Proxy.Clients;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace IngressController.Proxy.Listening;

/// <summary>The certificate for a connection.</summary>
/// <param name="serverName">From SNI, lower case; empty where the client names no host.</param>
/// <param name="takesEcdsa">The client can verify certificates with keys on elliptic curves.</param>
/// <param name="clients">Whose certificates the client is asked for (RFC 8446 section 4.2.4), to be made part of the context; null: it is not asked.</param>
public delegate SslStreamCertificateContext CertificateSelector(string serverName, bool takesEcdsa, SslCertificateTrust? clients);

/// <summary>How TLS is spoken with clients. Options are made once for each certificate and kept, because sessions resume only within the same options.</summary>
internal sealed class TlsTermination(CertificateSelector certificates, DataPlane dataPlane, ProxyOptions proxy)
{
    public static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(10);

    private readonly SslProtocols versions = proxy.TlsMinVersion == SslProtocols.Tls13 ? SslProtocols.Tls13 : SslProtocols.Tls12 | SslProtocols.Tls13;
    private readonly CipherSuitesPolicy? ciphers = TlsCipherSuites.PolicyOf(proxy.TlsCiphers);
    private readonly ConditionalWeakTable<SslStreamCertificateContext, SslServerAuthenticationOptions> known = [];

    public void Use(ListenOptions listener) => listener.UseHttps(new TlsHandshakeCallbackOptions
    {
        HandshakeTimeout = HandshakeTimeout,
        OnConnection = context => new(OptionsFor(context.Connection, context.ClientHelloInfo.ServerName)),
    });

    private SslServerAuthenticationOptions OptionsFor(BaseConnectionContext connection, string serverName)
    {
        if (connection.Features.Get<ShownChallenge>() is { } challenge)
        {
            return CreateOptions(challenge.Certificate, ChallengeHandshakes.Protocol);
        }

        var overTcp = connection.Features.Get<ClientHello>();
        var hello = overTcp ?? OverQuic(connection, serverName);
        var clients = dataPlane.Tables.GuardOf(hello.ServerName).Clients is { IsRefused: false } asked ? asked : null;
        var certificate = certificates(hello.ServerName, hello.TakesEcdsa, clients?.Names);
        return (clients, overTcp) switch
        {
            (null, not null) => known.GetValue(certificate, CreateOptions),
            (null, null) => CreateOptions(certificate, SslApplicationProtocol.Http3),
            (_, not null) => ShownCertificate.AskFor(connection, CreateOptions(certificate)),
            (_, null) => ShownCertificate.AskFor(connection, CreateOptions(certificate, SslApplicationProtocol.Http3)),
        };
    }

    /// <summary>QUIC's own hello is not seen here. Whoever speaks HTTP/3 is new enough for ECDSA.</summary>
    private static ClientHello OverQuic(BaseConnectionContext connection, string serverName)
    {
        var hello = new ClientHello(serverName.TrimEnd('.').ToLowerInvariant(), TakesEcdsa: true);
        connection.Features.Set(hello);
        return hello;
    }

    private SslServerAuthenticationOptions CreateOptions(SslStreamCertificateContext certificate) => CreateOptions(certificate, SslApplicationProtocol.Http2, SslApplicationProtocol.Http11);

    private SslServerAuthenticationOptions CreateOptions(SslStreamCertificateContext certificate, params ReadOnlySpan<SslApplicationProtocol> protocols) => new()
    {
        ServerCertificateContext = certificate,
        EnabledSslProtocols = versions,
        CipherSuitesPolicy = ciphers,
        ApplicationProtocols = [.. protocols],
        AllowRenegotiation = false,
    };
}
