using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using IngressController.Testing.Acme.Issuing;
using IngressController.Testing.Acme.Protocol;
using IngressController.Testing.Acme.Validating;
using Microsoft.AspNetCore.Http;

namespace IngressController.Testing.Acme;

/// <summary>Judges requests as RFC 8555 section 6 has it, and has them carried out.</summary>
/// <param name="begin">Begins what takes longer than a request.</param>
internal sealed class RequestHandler(Register register, CertificateIssuer issuer, Action<Func<Task>> begin)
{
    private readonly AccountRequests accounts = new(register);
    private readonly OrderRequests orders = new(register, issuer);
    private readonly AuthorizationRequests authorizations = new(register, new Validation(register.Rules));
    private readonly CertificateRequests certificates = new(register, issuer);

    public Nonces Nonces { get; } = new(register.Rules);

    public ConcurrentQueue<AcmeEndpoint> Seen { get; } = new();

    public async Task<AcmeReply> AnswerAsync(HttpRequest request, AcmePath path)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
        AcmeReply reply;
        try
        {
            lock (register.Gate)
            {
                reply = path.Endpoint == AcmeEndpoint.Unknown ? throw AcmeRefusal.NotFound("page")
                    : request.Headers.UserAgent.Count == 0 ? throw AcmeRefusal.Malformed("User-Agent is missing (RFC 8555 section 6.1)")
                    : path.TakesGet ? Open(request, path)
                    : Signed(request, path, body.ToArray());
            }
        }
        catch (AcmeRefusal refusal)
        {
            reply = refusal.Reply;
        }

        return (request.Method == "POST" || path.Endpoint == AcmeEndpoint.NewNonce ? reply.With("Replay-Nonce", Nonces.Make()) : reply)
            .With("Cache-Control", "no-store").With("Link", $"<{register.Url("/directory")}>;rel=\"index\"");
    }

    private AcmeReply Open(HttpRequest request, AcmePath path) => (path.Endpoint, request.Method) switch
    {
        (AcmeEndpoint.Directory, "GET") => Directory(),
        (AcmeEndpoint.NewNonce, "HEAD") => new(200, "", []),
        (AcmeEndpoint.NewNonce, "GET") => new(204, "", []),
        (AcmeEndpoint.RenewalInfo, "GET") when register.Rules.OffersRenewalInfo => certificates.Renewal(path.Id),
        _ => throw new AcmeRefusal(405, "malformed", "Method not allowed"),
    };

    private AcmeReply Signed(HttpRequest request, AcmePath path, byte[] body)
    {
        if (request.Method != "POST")
        {
            throw new AcmeRefusal(405, "malformed", "Method not allowed");
        }

        if (request.ContentType != "application/jose+json")
        {
            throw new AcmeRefusal(415, "malformed", "Invalid Content-Type header on POST. Content-Type must be \"application/jose+json\"");
        }

        var message = JwsMessage.Parse(body);
        var url = register.Url(request.Path.Value + request.QueryString.Value);
        if (message.Algorithm is not ("ES256" or "ES384" or "RS256"))
        {
            throw new AcmeRefusal(400, "badSignatureAlgorithm", $"alg {message.Algorithm} is not taken");
        }

        var account = message.KeyId is { } id ? register.Accounts.Find(known => register.Url($"/account/{known.Id}") == id) ?? throw new AcmeRefusal(400, "accountDoesNotExist", $"Account \"{id}\" not found") : null;
        if ((account is null && !path.TakesKey) || (account is not null && path.Endpoint == AcmeEndpoint.NewAccount))
        {
            throw AcmeRefusal.Malformed(account is null ? "No Key ID in JWS header" : "a new account is signed with its jwk");
        }

        var key = account?.Key ?? JwsKey.Read(message.Jwk);
        message.Verify(key);
        Nonces.Spend(message.Nonce);
        if (message.Url != url)
        {
            throw AcmeRefusal.Unauthorized($"JWS header parameter 'url' incorrect. Expected \"{url}\" got \"{message.Url}\"");
        }

        return account is { Status: not "valid" } ? throw new AcmeRefusal(401, "unauthorized", $"Account is not valid, has status \"{account.Status}\"")
            : path.OnlyReads && !message.OnlyReads ? throw AcmeRefusal.Malformed("POST-as-GET requests must have an empty payload")
            : CarryOut(path, account, key, message, url);
    }

    private AcmeReply CarryOut(AcmePath path, Account? account, JwsKey key, JwsMessage message, string url) => path.Endpoint switch
    {
        AcmeEndpoint.NewAccount => accounts.Register(message, key, url),
        AcmeEndpoint.Account => accounts.Update(Own(account!, path), message),
        AcmeEndpoint.Orders when register.Rules.ListsOrders => accounts.List(Own(account!, path), int.TryParse(path.Part, CultureInfo.InvariantCulture, out var page) ? page : 0),
        AcmeEndpoint.KeyChange => accounts.ChangeKey(account!, message, url),
        AcmeEndpoint.NewOrder => orders.Make(account!, message),
        AcmeEndpoint.Order => orders.Find(account!, path.Id),
        AcmeEndpoint.Finalize => orders.Finish(account!, path.Id, message, register.Accounts.Select(known => known.Key.SubjectPublicKey).ToHashSet()),
        AcmeEndpoint.Authorization => authorizations.Find(account!, path.Id, message),
        AcmeEndpoint.Challenge => authorizations.Answer(account!, path.Id, message, begin),
        AcmeEndpoint.Certificate => certificates.Download(account!, path.Id, path.Part),
        AcmeEndpoint.RevokeCert => certificates.Revoke(account, key, message),
        _ => throw AcmeRefusal.NotFound("page"),
    };

    private static Account Own(Account account, AcmePath path) => account.Id == path.Id ? account : throw AcmeRefusal.Unauthorized("the account is another one");

    private AcmeReply Directory()
    {
        var directory = new JsonObject
        {
            ["newNonce"] = register.Url("/nonce"),
            ["newAccount"] = register.Url("/new-account"),
            ["newOrder"] = register.Url("/new-order"),
            ["revokeCert"] = register.Url("/revoke"),
            ["keyChange"] = register.Url("/key-change"),
            ["meta"] = new JsonObject
            {
                ["termsOfService"] = register.Url("/terms"),
                ["externalAccountRequired"] = register.Rules.ExternalAccounts.Count > 0,
                ["profiles"] = new JsonObject(register.Rules.Profiles.Select(profile => KeyValuePair.Create(profile.Key, (JsonNode?)$"https://acme.example/docs/{profile.Key}"))),
            },
            ["AbCdEf123"] = "https://community.letsencrypt.org/t/adding-random-entries-to-the-directory/33417", // as Let's Encrypt does
        };
        _ = register.Rules.OffersRenewalInfo ? directory["renewalInfo"] = register.Url("/renewal") : null;
        return AcmeReply.Json(200, directory);
    }
}
