using System.Text;
using System.Text.Json.Nodes;
using IngressController.Certificates.Acme;
using IngressController.Certificates.Acme.Protocol;
using IngressController.Testing;
using IngressController.Testing.Acme;

namespace IngressController.EndToEnd.Acme;

/// <summary>An authority that answers well-formed nonsense is not believed.</summary>
public sealed class LieTests
{
    [Theory]
    [InlineData("Directory", "newOrder", null, "newOrder is missing")]
    [InlineData("Directory", "newNonce", "7", "newNonce is no string")]
    [InlineData("Directory", "newAccount", "\"https://evil.example/new-account\"", "newAccount leads elsewhere: https://evil.example/new-account")]
    [InlineData("Directory", "keyChange", "\"http://127.0.0.1/\"", "keyChange leads elsewhere: http://127.0.0.1/")]
    [InlineData("NewOrder", "status", "\"excellent\"", "status is excellent")]
    [InlineData("NewOrder", "status", "null", "status is missing")]
    [InlineData("NewOrder", "status", "\"0\"", "status is 0")]
    [InlineData("NewOrder", "status", "\"valid\"", "certificate is missing, though the order is valid")]
    [InlineData("NewOrder", "identifiers", """[{"type":"dns","value":"www.shop.example"}]""", "the order is for www.shop.example")]
    [InlineData("NewOrder", "identifiers", """[{"type":"ip","value":"10.0.0.1"}]""", "an identifier is of the type ip")]
    [InlineData("NewOrder", "identifiers", "{}", "identifiers is no list")]
    [InlineData("NewOrder", "identifiers", "[7]", "identifiers is no object")]
    [InlineData("NewOrder", "authorizations", "[]", "the order has no identifiers or no authorizations")]
    [InlineData("NewOrder", "authorizations", "[7]", "authorizations has something that is no string")]
    [InlineData("NewOrder", "authorizations", """["https://evil.example/1"]""", "authorizations leads elsewhere: https://evil.example/1")]
    [InlineData("NewOrder", "expires", "\"soon\"", "expires is no time")]
    [InlineData("NewOrder", "finalize", "\"https://127.0.0.1@evil.example/\"", "finalize leads elsewhere: https://127.0.0.1@evil.example/")]
    [InlineData("Authorization", "challenges", null, "challenges is missing")]
    [InlineData("Authorization", "challenges", """[{"type":"http-01","url":"/c","status":"pending","token":"../../admin"}]""", "token is ../../admin, which is no token")]
    [InlineData("Authorization", "challenges", """[{"type":"http-01","url":"/c","status":"pending","token":""}]""", "which is no token")]
    [InlineData("Authorization", "identifier", """{"type":"dns","value":"*.shop.example"}""", "identifier is a wildcard")]
    [InlineData("Authorization", "wildcard", "\"yes\"", "wildcard is neither true nor false")]
    public async Task A_field_that_cannot_be_is_named(string endpoint, string field, string? value, string words)
    {
        await using var world = await AcmeWorld.StartAsync();
        world.Authority.Order(Enum.Parse<AcmeEndpoint>(endpoint), AcmeFault.Changed(json =>
        {
            json.Remove(field);
            _ = value is null ? null : json[field] = JsonNode.Parse(value);
        }));
        var failure = await Assert.ThrowsAsync<AcmeException>(async () =>
        {
            var account = await world.RegisterAsync();
            var order = await account.OrderAsync(["shop.example"], null, default);
            await account.GetAuthorizationAsync(order.Authorizations[0], default);
        }).InTime();
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
        Assert.True(failure.IsUnavailable);
    }

    [Fact]
    public async Task A_challenge_of_an_unknown_kind_is_passed_over()
    {
        await using var world = await AcmeWorld.StartAsync();
        var account = await world.RegisterAsync();
        var order = await account.OrderAsync(["shop.example"], null, default).InTime();
        world.Authority.Order(AcmeEndpoint.Authorization, AcmeFault.Changed(json => json["challenges"]!.AsArray().Add(JsonNode.Parse("""{"type":"email-reply-00","url":"/c","status":"pending"}"""))));
        var authorization = await account.GetAuthorizationAsync(order.Authorizations[0], default).InTime();
        Assert.Equal([ChallengeKind.Http01, ChallengeKind.TlsAlpn01, ChallengeKind.Dns01, null], authorization.Challenges.Select(challenge => challenge.Kind));
    }

    [Theory]
    [InlineData("another key", "it is for another key")]
    [InlineData("another host", "it is not for www.shop.example")]
    [InlineData("ended", "it has ended at ")]
    [InlineData("wrong order", "its chain is not in order")]
    [InlineData("no PEM", "it has 0 blocks of PEM, which are to be 1 to 10 certificates")]
    [InlineData("a key", "it has 1 blocks of PEM")]
    [InlineData("broken", "it is no PEM with certificates: ")]
    public async Task A_certificate_that_is_not_what_was_ordered_is_refused(string kind, string words)
    {
        await using var world = await AcmeWorld.StartAsync();
        var account = await world.RegisterAsync();
        using var key = CertificateKey.Create(CertificateKeyType.EcdsaP256);
        using var otherKey = CertificateKey.Create(CertificateKeyType.EcdsaP256);
        using var other = await AcmeWorld.IssueAsync(account, kind == "another key" ? otherKey : key, kind == "another key" ? ["shop.example", "www.shop.example"] : ["shop.example"]);
        world.Rules.CertificateLifetime = kind == "ended" ? TimeSpan.FromSeconds(-30) : world.Rules.CertificateLifetime;
        string Replaced(string pem) => kind switch
        {
            "another key" or "another host" => other.Pem,
            "wrong order" => pem[..(pem.IndexOf("-----END CERTIFICATE-----", StringComparison.Ordinal) + 26)] + pem,
            "no PEM" => "here it is",
            "a key" => key.Pem,
            "broken" => "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
            _ => pem,
        };
        world.Authority.Order(AcmeEndpoint.Certificate, new(true, reply => reply with { Body = Encoding.ASCII.GetBytes(Replaced(reply.Text)) }));
        var failure = await Assert.ThrowsAsync<AcmeException>(() => AcmeWorld.IssueAsync(account, key, "shop.example", "www.shop.example")).InTime();
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_is_followed_to_another_place()
    {
        await using var world = await AcmeWorld.StartAsync();
        world.Authority.Order(AcmeEndpoint.Directory, AcmeFault.Instead(new AcmeReply(302, "", []).With("Location", "https://evil.example/directory")));
        var failure = await Assert.ThrowsAsync<AcmeException>(world.RegisterAsync).InTime();
        Assert.EndsWith("it answers 302 and names another place: https://evil.example/directory", failure.Message, StringComparison.Ordinal);

        world.Authority.Order(AcmeEndpoint.NewAccount, new(true, reply => reply.With("Location", "https://evil.example/account")));
        failure = await Assert.ThrowsAsync<AcmeException>(world.RegisterAsync).InTime();
        Assert.EndsWith("its Location leads elsewhere: https://evil.example/account", failure.Message, StringComparison.Ordinal);

        var foreign = world.Client.Use(world.Key, new("https://evil.example/account"));
        failure = await Assert.ThrowsAsync<AcmeException>(() => foreign.ListOrdersAsync(default)).InTime();
        Assert.StartsWith("https://evil.example/account is not of ", failure.Message, StringComparison.Ordinal);
    }
}
