namespace IngressController.Certificates.Acme.Protocol;

/// <summary>RFC 8555 section 7.1.1.</summary>
/// <param name="RenewalInfo">RFC 9773; null: not offered.</param>
/// <param name="Profiles">draft-ietf-acme-profiles; empty: there are none.</param>
internal sealed record AcmeDirectory(Uri NewNonce, Uri NewAccount, Uri NewOrder, Uri RevokeCert, Uri KeyChange, Uri? RenewalInfo, IReadOnlyList<string> Profiles)
{
    public static AcmeDirectory Read(Answer answer)
    {
        var fields = answer.Fields();
        return new(
            fields.Url("newNonce"),
            fields.Url("newAccount"),
            fields.Url("newOrder"),
            fields.Url("revokeCert"),
            fields.Url("keyChange"),
            fields.UrlOrNull("renewalInfo"),
            fields.ObjectOrNull("meta")?.Names("profiles") ?? []);
    }
}
