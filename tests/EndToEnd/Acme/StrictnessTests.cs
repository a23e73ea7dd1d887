using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using IngressController.Certificates.Acme.Protocol;
using IngressController.Testing;

namespace IngressController.EndToEnd.Acme;

/// <summary>The authority of these tests takes nothing that a real one refuses, so what it takes from the client is right.</summary>
public sealed class StrictnessTests : IAsyncLifetime
{
    private readonly AccountKey key = AccountKey.Create();
    private AcmeWorld world = null!;
    private HttpClient http = null!;
    private AcmeAccount account = null!;

    public async Task InitializeAsync()
    {
        world = await AcmeWorld.StartAsync();
        http = Connect(world.Authority.CaBundle);
        account = world.Client.Use(key, await world.Client.RegisterAsync(key, onlyExisting: false, default).InTime());
    }

    public async Task DisposeAsync()
    {
        http.Dispose();
        key.Dispose();
        await world.DisposeAsync();
    }

    [Fact]
    public async Task A_message_without_a_mistake_is_taken() => Assert.Equal("201", await TryAsync(_ => { }));

    [Theory]
    [InlineData("nonce invented", "400 badNonce")]
    [InlineData("nonce missing", "400 badNonce")]
    [InlineData("url of another resource", "403 unauthorized")]
    [InlineData("url missing", "403 unauthorized")]
    [InlineData("alg none", "400 badSignatureAlgorithm")]
    [InlineData("alg of another key", "400 badSignatureAlgorithm")]
    [InlineData("jwk besides kid", "400 malformed")]
    [InlineData("jwk instead of kid", "400 malformed")]
    [InlineData("kid of nobody", "400 accountDoesNotExist")]
    [InlineData("header unknown", "400 malformed")]
    public async Task A_header_with_a_mistake_is_refused(string mistake, string answer)
    {
        var (name, value) = mistake switch
        {
            "nonce invented" => ("nonce", (JsonNode)"abcdefgh"),
            "nonce missing" => ("nonce", null),
            "url of another resource" => ("url", world.Authority.Directory.OriginalString),
            "url missing" => ("url", null),
            "alg none" => ("alg", "none"),
            "alg of another key" => ("alg", "RS256"),
            "kid of nobody" => ("kid", account.Url.OriginalString + "x"),
            "header unknown" => ("b64", false),
            _ => ("jwk", JsonNode.Parse(key.Signing.Jwk)),
        };
        Assert.Equal(answer, await TryAsync(header =>
        {
            header[name] = value;
            _ = value is null || mistake == "jwk instead of kid" ? header.Remove(value is null ? name : "kid") : false;
        }));
    }

    [Theory]
    [InlineData("signature", "400 malformed")]
    [InlineData("padding", "400 malformed")]
    [InlineData("unprotected header", "400 malformed")]
    [InlineData("content type", "415 malformed")]
    [InlineData("user agent", "400 malformed")]
    public async Task A_message_with_a_mistake_is_refused(string mistake, string answer) => Assert.Equal(answer, await TryAsync(
        _ => { },
        message => _ = mistake switch
        {
            "signature" => message["signature"] = Base64Url.EncodeToString(new byte[64]),
            "padding" => message["payload"] = message["payload"] + "=",
            "unprotected header" => message["header"] = new JsonObject(),
            _ => null,
        },
        request =>
        {
            request.Content!.Headers.ContentType = mistake == "content type" ? new MediaTypeHeaderValue("application/json") : request.Content.Headers.ContentType;
            if (mistake == "user agent")
            {
                http.DefaultRequestHeaders.UserAgent.Clear();
            }
        }));

    [Fact]
    public async Task A_nonce_is_good_once()
    {
        var nonce = await NonceAsync();
        Assert.Equal("201", await TryAsync(header => header["nonce"] = nonce));
        Assert.Equal("400 badNonce", await TryAsync(header => header["nonce"] = nonce));
    }

    [Fact]
    public async Task A_resource_is_read_only_by_its_owner_and_only_by_an_empty_POST()
    {
        var order = await account.OrderAsync(["shop.example"], null, default).InTime();
        Assert.Equal("200", await TryAsync(_ => { }, url: order.Url, payload: ""));
        Assert.Equal("400 malformed", await TryAsync(_ => { }, url: order.Url, payload: "{}"));
        using var get = await http.GetAsync(order.Url);
        Assert.Equal(405, (int)get.StatusCode);
        var stranger = await world.RegisterAsync();
        var refused = await Assert.ThrowsAsync<AcmeException>(() => stranger.GetOrderAsync(order.Url, default)).InTime();
        Assert.True(refused.Is(AcmeProblem.Unauthorized));
    }

    [Theory]
    [InlineData("""{"identifiers":[]}""", "400 malformed")]
    [InlineData("""{"identifiers":[{"type":"dns","value":"a.example"},{"type":"dns","value":"a.example"}]}""", "400 malformed")]
    [InlineData("""{"identifiers":[{"type":"ip","value":"10.0.0.1"}]}""", "400 unsupportedIdentifier")]
    [InlineData("""{"identifiers":[{"type":"dns","value":"10.0.0.1"}]}""", "400 rejectedIdentifier")]
    [InlineData("""{"identifiers":[{"type":"dns","value":"Shop.example"}]}""", "400 rejectedIdentifier")]
    [InlineData("""{"identifiers":[{"type":"dns","value":"shop.example."}]}""", "400 rejectedIdentifier")]
    [InlineData("""{"identifiers":[{"type":"dns","value":"a.*.example"}]}""", "400 rejectedIdentifier")]
    [InlineData("""{"identifiers":[{"type":"dns","value":"localhost"}]}""", "400 rejectedIdentifier")]
    [InlineData("""{"identifiers":[{"type":"dns","value":"a.example"}],"profile":"eternal"}""", "400 invalidProfile")]
    [InlineData("""{"identifiers":[{"type":"dns","value":"a.example"}],"notAfter":"2030-01-01T00:00:00Z"}""", "400 malformed")]
    [InlineData("""{"identifiers":[{"type":"dns","value":"a.example"}],"replaces":"AAAA.AAAA"}""", "404 malformed")]
    public async Task An_order_with_a_mistake_is_refused(string order, string answer) => Assert.Equal(answer, await TryAsync(_ => { }, payload: order));

    [Theory]
    [InlineData("right", "200")]
    [InlineData("a name too few", "400 badCSR")]
    [InlineData("a name too many", "400 badCSR")]
    [InlineData("weak", "400 badCSR")]
    [InlineData("of the account", "400 badCSR")]
    [InlineData("nonsense", "400 badCSR")]
    public async Task A_certificate_request_with_a_mistake_is_refused(string mistake, string answer)
    {
        var order = await AcmeWorld.ReadyAsync(account, "a.example", "b.example");
        using var weak = RSA.Create(1024);
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        own.ImportFromPem(mistake == "of the account" ? key.Pem : own.ExportPkcs8PrivateKeyPem());
        var request = mistake == "weak" ? new CertificateRequest("CN=a.example", weak, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1) : new CertificateRequest("CN=a.example", own, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        foreach (var name in mistake switch { "a name too few" => ["a.example"], "a name too many" => ["a.example", "b.example", "c.example"], _ => new[] { "a.example", "b.example" } })
        {
            names.AddDnsName(name);
        }

        request.CertificateExtensions.Add(names.Build());
        var csr = Base64Url.EncodeToString(mistake == "nonsense" ? [1, 2, 3] : request.CreateSigningRequest());
        Assert.Equal(answer, await TryAsync(_ => { }, url: order.Finalize, payload: $$"""{"csr":"{{csr}}"}"""));
    }

    private static HttpClient Connect(string authority)
    {
        using var trusted = X509Certificate2.CreateFromPem(authority);
        var name = trusted.Subject;
        var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, SslOptions = new() { RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.Issuer == name } });
        client.DefaultRequestHeaders.UserAgent.Add(new("test", "1"));
        return client;
    }

    private async Task<string> NonceAsync()
    {
        using var head = new HttpRequestMessage(HttpMethod.Head, new Uri(world.Authority.Directory, "/nonce"));
        using var answer = await http.SendAsync(head);
        return answer.Headers.GetValues("Replay-Nonce").Single();
    }

    /// <summary>Sends a new order, or what is given, with mistakes.</summary>
    /// <returns>The status, and the type of the problem.</returns>
    private async Task<string> TryAsync(
        Action<JsonObject> changeHeader, Action<JsonObject>? changeMessage = null, Action<HttpRequestMessage>? changeRequest = null, Uri? url = null, string payload = """{"identifiers":[{"type":"dns","value":"shop.example"}]}""")
    {
        url ??= new(world.Authority.Directory, "/new-order");
        var header = new JsonObject { ["alg"] = "ES256", ["kid"] = account.Url.OriginalString, ["url"] = url.OriginalString, ["nonce"] = await NonceAsync() };
        changeHeader(header);
        var (first, second) = (Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header.ToJsonString())), Base64Url.EncodeToString(Encoding.UTF8.GetBytes(payload)));
        var message = new JsonObject { ["protected"] = first, ["payload"] = second, ["signature"] = Base64Url.EncodeToString(key.Signing.Sign(Encoding.ASCII.GetBytes($"{first}.{second}"))) };
        changeMessage?.Invoke(message);
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(message.ToJsonString()) { Headers = { ContentType = new("application/jose+json") } } };
        changeRequest?.Invoke(request);
        using var answer = await http.SendAsync(request);
        var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        return answer.IsSuccessStatusCode ? $"{(int)answer.StatusCode}" : $"{(int)answer.StatusCode} {((string)body["type"]!).Split(':')[^1]}";
    }
}
