using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using IngressController.Testing.Acme.Protocol;

namespace IngressController.Testing.Acme.Issuing;

/// <summary>Certificates that were issued: RFC 8555 sections 7.4.2 and 7.6, and RFC 9773.</summary>
internal sealed class CertificateRequests(Register register, CertificateIssuer issuer)
{
    /// <param name="alternate">Empty: the first chain.</param>
    public AcmeReply Download(Account account, string id, string alternate)
    {
        var root = int.TryParse(alternate, CultureInfo.InvariantCulture, out var number) ? number : 0;
        var certificate = register.CertificateOf(account, id);
        if (root < 0 || root >= register.Rules.Roots.Count)
        {
            throw AcmeRefusal.NotFound("chain");
        }

        var reply = new AcmeReply(200, "application/pem-certificate-chain", Encoding.ASCII.GetBytes(issuer.Chain(certificate.Leaf, root)));
        return Enumerable.Range(0, register.Rules.Roots.Count).Where(other => other != root)
            .Aggregate(reply, (with, other) => with.With("Link", string.Create(CultureInfo.InvariantCulture, $"<{register.Url($"/certificate/{id}/{other}")}>;rel=\"alternate\"")));
    }

    /// <param name="account">Null: signed by the key of the certificate.</param>
    public AcmeReply Revoke(Account? account, JwsKey key, JwsMessage message)
    {
        var asked = message.Asked();
        var der = JwsMessage.Decode((string?)asked["certificate"] ?? throw AcmeRefusal.Malformed("certificate is missing"));
        var certificate = register.Certificates.Find(one => one.Leaf.RawData.AsSpan().SequenceEqual(der)) ?? throw AcmeRefusal.NotFound("certificate");
        var isOwner = account is null ? Convert.ToHexString(certificate.Leaf.PublicKey.ExportSubjectPublicKeyInfo()) == key.SubjectPublicKey : certificate.Account == account;
        if (!isOwner)
        {
            throw AcmeRefusal.Unauthorized("the certificate is of another account or key");
        }

        var reason = (int?)asked["reason"] ?? 0;
        if (reason is not (0 or 1 or 3 or 4 or 5))
        {
            throw new AcmeRefusal(400, "badRevocationReason", $"reason {reason} is not allowed");
        }

        certificate.Revoked = certificate.Revoked is null ? reason : throw new AcmeRefusal(400, "alreadyRevoked", "Certificate already revoked");
        return new(200, "", []);
    }

    public AcmeReply Renewal(string id)
    {
        var certificate = register.Certificates.Find(one => IdOf(one.Leaf) == id) ?? throw AcmeRefusal.NotFound("certificate");
        var (begin, end) = (new DateTimeOffset(certificate.Leaf.NotBefore.ToUniversalTime()), new DateTimeOffset(certificate.Leaf.NotAfter.ToUniversalTime()));
        var window = certificate.Revoked is not null ? (Start: register.Now.AddHours(-2), End: register.Now.AddHours(-1))
            : register.Rules.RenewalWindow ?? (Start: begin + ((end - begin) * 0.65), End: begin + ((end - begin) * 0.7));
        var reply = AcmeReply.Json(200, new()
        {
            ["suggestedWindow"] = new JsonObject { ["start"] = Register.Text(window.Start), ["end"] = Register.Text(window.End) },
            ["explanationURL"] = "https://acme.example/docs/ari",
        });
        return reply.With("Retry-After", register.Rules.RenewalRetryAfter.TotalSeconds.ToString("0", CultureInfo.InvariantCulture));
    }

    /// <summary>RFC 9773 section 4.1, out of the DER of the two.</summary>
    public static string IdOf(X509Certificate2 leaf)
    {
        var key = leaf.Extensions.OfType<X509AuthorityKeyIdentifierExtension>().Single().KeyIdentifier!.Value;
        return $"{Base64Url.EncodeToString(key.Span)}.{Base64Url.EncodeToString(Convert.FromHexString(leaf.SerialNumber))}";
    }
}
