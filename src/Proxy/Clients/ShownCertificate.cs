using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;

namespace IngressController.Proxy.Clients;

/// <summary>
/// What a client has shown when it was asked for a certificate: a feature of its connection. The handshake succeeds whatever that is, so that a request gets
/// an answer that says what is wrong.
/// </summary>
internal sealed class ShownCertificate
{
    private const int MostCertificates = 10;

    private byte[][] certificates = [];
    private volatile Judgement? last;

    /// <summary>The client was asked and has shown none.</summary>
    public bool IsNone => certificates.Length == 0;

    /// <summary>Lets the handshake ask for a certificate.</summary>
    public static SslServerAuthenticationOptions AskFor(BaseConnectionContext connection, SslServerAuthenticationOptions options)
    {
        var shown = new ShownCertificate();
        connection.Features.Set(shown);
        options.ClientCertificateRequired = true;
        options.RemoteCertificateValidationCallback = shown.Take;
        options.CertificateChainPolicy = new() { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        options.AllowTlsResume = false; // a resumed session would bring the verdict of another day
        return options;
    }

    /// <summary>The verdict of this policy; judged once for all requests of the connection, and anew where the policy is another one.</summary>
    public Verdict JudgeBy(ClientPolicy policy, DateTimeOffset now)
    {
        if (last is { } known && ReferenceEquals(known.Policy, policy) && now < known.Verdict.Until)
        {
            return known.Verdict;
        }

        var verdict = policy.Judge(certificates, now);
        last = new(policy, verdict);
        return verdict;
    }

    private bool Take(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is not null)
        {
            var others = chain?.ChainPolicy.ExtraStore.Take(MostCertificates).Select(other => other.RawData) ?? [];
            certificates = [certificate.GetRawCertData(), .. others];
        }

        return true;
    }

    private sealed record Judgement(ClientPolicy Policy, Verdict Verdict);
}
