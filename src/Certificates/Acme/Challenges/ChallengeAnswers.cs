using System.Net.Security;
using IngressController.Cluster;
using IngressController.Cluster.Resources;

namespace IngressController.Certificates.Acme.Challenges;

/// <summary>
/// What certificate authorities get to see at our door while an order is pending, by the state that every replica reads. Changed by one task, read by all requests and
/// handshakes.
/// </summary>
public sealed class ChallengeAnswers(TimeProvider time)
{
    private Secret? applied;
    private volatile ChallengeTable table = ChallengeTable.Empty;

    public EquatableArray<Problem> Problems => table.Problems;

    /// <summary>Makes the state live. Does nothing where it is the one before; call it from one task only.</summary>
    /// <param name="state">Null: there is none.</param>
    public void Apply(Secret? state)
    {
        if (state != applied)
        {
            table = ChallengeTable.Of(state, table, time);
            applied = state;
        }
    }

    /// <summary>What a request for the token is answered (RFC 8555 section 8.3); null: nothing, because no order that is shown so is pending for the host.</summary>
    /// <param name="host">Without port and trailing dot, in any case.</param>
    /// <param name="token">Letters of base64url only.</param>
    public string? KeyAuthorization(string host, string token) => table.Hosts.GetValueOrDefault(host)?.KeyAuthorization(token);

    /// <summary>What a handshake for <c>acme-tls/1</c> is shown (RFC 8737); null: nothing. The first call for an order makes the certificate.</summary>
    /// <param name="serverName">From SNI, in any case.</param>
    public SslStreamCertificateContext? Certificate(string serverName) => table.Hosts.GetValueOrDefault(serverName)?.Certificate?.Context;
}
