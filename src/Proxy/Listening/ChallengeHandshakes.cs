using System.Net.Security;
using Microsoft.AspNetCore.Connections;

namespace IngressController.Proxy.Listening;

/// <summary>The certificate by which a certificate authority sees that a host is ours (RFC 8737 section 3); null where it has not been asked for.</summary>
/// <param name="serverName">From SNI, lower case.</param>
public delegate SslStreamCertificateContext? ChallengeCertificateSelector(string serverName);

/// <summary>What an authority is shown on this connection, whatever holds for other clients of the host.</summary>
internal sealed record ShownChallenge(SslStreamCertificateContext Certificate);

/// <summary>Connections by which authorities look whether a host is ours: a handshake, and nothing after it. Those for which nothing is pending go on like any other.</summary>
internal static class ChallengeHandshakes
{
    public static SslApplicationProtocol Protocol { get; } = new("acme-tls/1");

    /// <summary>Before the handshake, and before anybody passes the connection through.</summary>
    public static ConnectionDelegate Recognize(ConnectionDelegate next, ChallengeCertificateSelector certificates) => connection =>
    {
        if (connection.Features.Get<ClientHello>() is { AsksForProof: true } hello && certificates(hello.ServerName) is { } certificate)
        {
            connection.Features.Set(new ShownChallenge(certificate));
        }

        return next(connection);
    };

    /// <summary>After the handshake: the authority has seen what it came for.</summary>
    public static ConnectionDelegate End(ConnectionDelegate next) => connection =>
        connection.Features.Get<ShownChallenge>() is null ? next(connection) : Task.CompletedTask;
}
