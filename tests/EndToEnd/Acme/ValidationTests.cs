using System.Buffers.Text;
using System.Formats.Asn1;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using IngressController.Certificates.Acme;
using IngressController.Certificates.Acme.Protocol;
using IngressController.Testing;

namespace IngressController.EndToEnd.Acme;

/// <summary>The authority looks for itself whether hosts answer its challenges, and says what it saw.</summary>
public sealed class ValidationTests : IAsyncLifetime
{
    private const string Host = "shop.example";

    private AcmeWorld world = null!;
    private ChallengeResponder responder = null!;
    private AcmeAccount account = null!;

    public async Task InitializeAsync()
    {
        responder = await ChallengeResponder.StartAsync();
        world = await AcmeWorld.StartAsync(new() { HttpAddress = responder.HttpAddress, TlsAddress = responder.TlsAddress });
        account = await world.RegisterAsync();
    }

    public async Task DisposeAsync()
    {
        await world.DisposeAsync();
        await responder.DisposeAsync();
    }

    [Fact]
    public async Task A_page_with_the_key_authorization_proves_a_host()
    {
        var (place, challenge) = await ChallengeAsync(ChallengeKind.Http01);
        responder.Pages[$"{Host}/.well-known/acme-challenge/{challenge.Token}"] = world.Key.Authorize(challenge.Token) + "\n";
        Assert.Equal(AuthorizationStatus.Valid, (await AcmeWorld.ProveAsync(account, place, ChallengeKind.Http01)).Status);
    }

    [Fact]
    public async Task A_page_may_be_redirected_to()
    {
        var (place, challenge) = await ChallengeAsync(ChallengeKind.Http01);
        responder.Redirects[$"{Host}/.well-known/acme-challenge/{challenge.Token}"] = $"http://www.{Host}/challenge";
        responder.Pages[$"www.{Host}/challenge"] = world.Key.Authorize(challenge.Token);
        Assert.Equal(AuthorizationStatus.Valid, (await AcmeWorld.ProveAsync(account, place, ChallengeKind.Http01)).Status);
    }

    [Theory]
    [InlineData("of another account", "unauthorized", "200 \"of another account\"")]
    [InlineData(null, "unauthorized", "404 \"not here\"")]
    public async Task A_page_with_something_else_is_told_in_the_words_of_the_authority(string? page, string type, string words)
    {
        var (place, challenge) = await ChallengeAsync(ChallengeKind.Http01);
        _ = page is null ? null : responder.Pages[$"{Host}/.well-known/acme-challenge/{challenge.Token}"] = page;
        var judged = await AcmeWorld.ProveAsync(account, place, ChallengeKind.Http01);
        Assert.Equal((AuthorizationStatus.Invalid, type, Host), (judged.Status, judged.Error?.Type, judged.Error?.Host));
        Assert.Contains(words, judged.Error!.Sentence, StringComparison.Ordinal);
        Assert.Empty(await account.ListOrdersAsync(default).InTime() ?? throw new InvalidOperationException("there is no list")); // of what may still become a certificate
        Assert.Equal("invalid", Assert.Single(world.Authority.Orders).Status);
    }

    [Fact]
    public async Task A_host_that_is_nowhere_is_invalid()
    {
        world.Rules.HttpAddress = null;
        var (place, _) = await ChallengeAsync(ChallengeKind.Http01);
        var judged = await AcmeWorld.ProveAsync(account, place, ChallengeKind.Http01);
        Assert.Equal((AuthorizationStatus.Invalid, "dns"), (judged.Status, judged.Error?.Type));
    }

    [Fact]
    public async Task A_certificate_with_the_key_authorization_proves_a_host()
    {
        var (place, challenge) = await ChallengeAsync(ChallengeKind.TlsAlpn01);
        responder.Certificates[Host] = ChallengeCertificate(Host, world.Key.Authorize(challenge.Token));
        Assert.Equal(AuthorizationStatus.Valid, (await AcmeWorld.ProveAsync(account, place, ChallengeKind.TlsAlpn01)).Status);
    }

    [Theory]
    [InlineData("of another key", Host, true, "wrong acmeIdentifier")]
    [InlineData("not critical", Host, true, "uncritical")]
    [InlineData("", "www.shop.example", true, "unexpected identifiers: www.shop.example")]
    [InlineData("", Host, false, "ALPN")]
    public async Task A_certificate_that_is_not_as_it_must_be_proves_nothing(string mistake, string name, bool agrees, string words)
    {
        var (place, challenge) = await ChallengeAsync(ChallengeKind.TlsAlpn01);
        responder.Protocol = agrees ? responder.Protocol : null;
        var shown = mistake == "of another key" ? mistake : world.Key.Authorize(challenge.Token);
        responder.Certificates[Host] = ChallengeCertificate(name, shown, isCritical: mistake != "not critical");
        var judged = await AcmeWorld.ProveAsync(account, place, ChallengeKind.TlsAlpn01);
        Assert.Equal(AuthorizationStatus.Invalid, judged.Status);
        Assert.Contains(words, judged.Error?.Sentence, StringComparison.Ordinal);
        Assert.Equal("unauthorized", judged.Error?.Type);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_text_record_proves_a_wildcard_host(bool isRight)
    {
        var order = await account.OrderAsync([$"*.{Host}"], null, default).InTime();
        var authorization = await account.GetAuthorizationAsync(order.Authorizations[0], default).InTime();
        Assert.Equal((Host, true), (authorization.Host, authorization.IsWildcard));
        var challenge = Assert.Single(authorization.Challenges.AsEnumerable());
        Assert.Equal(ChallengeKind.Dns01, challenge.Kind);
        var value = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(world.Key.Authorize(isRight ? challenge.Token : "another"))));
        world.Rules.ResolveText = name => Task.FromResult<IReadOnlyList<string>>(name == $"_acme-challenge.{Host}" ? ["of somebody else", value] : []);
        Assert.Equal(isRight ? AuthorizationStatus.Valid : AuthorizationStatus.Invalid, (await AcmeWorld.ProveAsync(account, order.Authorizations[0], ChallengeKind.Dns01)).Status);
    }

    [Fact]
    public async Task What_was_proven_is_used_again_and_needs_no_challenge()
    {
        world.Rules.ReusesAuthorizations = true;
        var (place, challenge) = await ChallengeAsync(ChallengeKind.Http01);
        responder.Pages[$"{Host}/.well-known/acme-challenge/{challenge.Token}"] = world.Key.Authorize(challenge.Token);
        await AcmeWorld.ProveAsync(account, place, ChallengeKind.Http01);
        var second = await account.OrderAsync([Host], null, default).InTime();
        Assert.Equal((OrderStatus.Ready, place), (second.Status, Assert.Single(second.Authorizations.AsEnumerable())));
    }

    private async Task<(Uri Place, Challenge Challenge)> ChallengeAsync(ChallengeKind kind)
    {
        var order = await account.OrderAsync([Host], null, default).InTime();
        var authorization = await account.GetAuthorizationAsync(order.Authorizations[0], default).InTime();
        return (authorization.Url, authorization.Challenges.Single(challenge => challenge.Kind == kind));
    }

    /// <summary>RFC 8737 section 3.</summary>
    private static X509Certificate2 ChallengeCertificate(string name, string keyAuthorization, bool isCritical = true)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=challenge", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        var octets = new AsnWriter(AsnEncodingRules.DER);
        octets.WriteOctetString(SHA256.HashData(Encoding.ASCII.GetBytes(keyAuthorization)));
        request.CertificateExtensions.Add(new X509Extension("1.3.6.1.5.5.7.1.31", octets.Encode(), isCritical));
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
