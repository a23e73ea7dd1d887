using IngressController.Certificates.Acme;
using IngressController.Certificates.Acme.Issuing;

namespace IngressController.Unit.Certificates.Acme.Issuing;

public sealed class CuresTests
{
    private const string Again = "It is tried again by itself, seldomer each time";

    [Theory]
    [InlineData("connection", ChallengeKind.Http01, "its port 80 must reach the controller; where only port 443 does, set --acme-challenge tls-alpn-01")]
    [InlineData("connection", ChallengeKind.TlsAlpn01, "its port 443 must reach the controller; where only port 80 does, set --acme-challenge http-01")]
    [InlineData("dns", ChallengeKind.Http01, "must have A or AAAA records")]
    [InlineData("dns", ChallengeKind.Dns01, "TXT record _acme-challenge")]
    [InlineData("unauthorized", ChallengeKind.Http01, "nothing before the controller may answer /.well-known/acme-challenge/")]
    [InlineData("unauthorized", ChallengeKind.TlsAlpn01, "nothing before the controller may end TLS")]
    [InlineData("tls", ChallengeKind.TlsAlpn01, "nothing before the controller may end TLS")]
    [InlineData("incorrectResponse", ChallengeKind.Dns01, "TXT record _acme-challenge")]
    [InlineData("caa", ChallengeKind.Http01, "CAA records")]
    [InlineData("rejectedIdentifier", null, "yarp.ingress.kubernetes.io/acme-issuer")]
    [InlineData("rateLimited", null, "--acme-directory letsencrypt-staging")]
    [InlineData("externalAccountRequired", null, "--acme-eab-key-id and --acme-eab-key-file")]
    [InlineData("userActionRequired", null, "at the address that it names")]
    [InlineData("serverInternal", null, "nothing is to be done here")]
    public void What_an_authority_says_has_a_cure_by_its_type(string type, ChallengeKind? challenge, string words)
    {
        var cure = Cures.Of(Failure(type, challenge));
        Assert.Contains(words, cure, StringComparison.Ordinal);
        Assert.EndsWith($". {Again}", cure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("badNonce")]
    [InlineData("unauthorized")]
    [InlineData("about:blank")]
    public void Where_only_its_own_words_help_nothing_is_made_up(string? type) => Assert.Equal(Again, Cures.Of(Failure(type, null)));

    [Theory]
    [InlineData("externalAccountRequired", "Give --acme-eab-key-id and --acme-eab-key-file, which you get from the authority. It is tried again by itself")]
    [InlineData(null, "It is tried again by itself")]
    public void What_holds_up_a_whole_issuer_has_one_too(string? type, string cure) => Assert.Equal(cure, Cures.Of(new HoldRecord("main", default, "no") { Type = type }));

    private static FailureRecord Failure(string? type, ChallengeKind? challenge) => new("a.example.com", 1, default, "no") { Type = type, Challenge = challenge };
}
