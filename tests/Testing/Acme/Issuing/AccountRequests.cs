using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using IngressController.Testing.Acme.Protocol;

namespace IngressController.Testing.Acme.Issuing;

/// <summary>RFC 8555 section 7.3.</summary>
internal sealed class AccountRequests(Register register)
{
    /// <param name="url">Of this resource.</param>
    public AcmeReply Register(JwsMessage message, JwsKey key, string url)
    {
        var asked = message.Asked();
        if (register.Accounts.Find(account => account.Key.SubjectPublicKey == key.SubjectPublicKey) is { } known)
        {
            return known.Status == "valid" ? Show(known, 200) : throw AcmeRefusal.Unauthorized($"An account with the provided public key exists but is {known.Status}");
        }

        if ((bool?)asked["onlyReturnExisting"] == true)
        {
            throw new AcmeRefusal(400, "accountDoesNotExist", "No account exists with the provided key");
        }

        if ((bool?)asked["termsOfServiceAgreed"] != true)
        {
            throw AcmeRefusal.Malformed("must agree to terms of service");
        }

        Bind(asked["externalAccountBinding"], message, url);
        var made = new Account(Issuing.Register.NewId(), key) { Contact = Contact(asked) };
        register.Accounts.Add(made);
        return Show(made, 201);
    }

    public AcmeReply Update(Account account, JwsMessage message)
    {
        if (message.OnlyReads)
        {
            return Show(account, 200);
        }

        var asked = message.Asked();
        if (asked.ContainsKey("status"))
        {
            account.Status = (string?)asked["status"] == "deactivated" ? "deactivated" : throw AcmeRefusal.Malformed("an account can only be deactivated");
        }
        else if (asked.ContainsKey("contact"))
        {
            account.Contact = Contact(asked);
        }
        else
        {
            throw AcmeRefusal.Malformed("Use POST-as-GET to retrieve account data instead of doing an empty update");
        }

        return Show(account, 200);
    }

    /// <summary>RFC 8555 section 7.1.2.1.</summary>
    public AcmeReply List(Account account, int page)
    {
        var orders = register.Orders.Where(order => order.Account == account && register.Refreshed(order).Status != "invalid").ToList();
        var size = register.Rules.OrdersPerPage;
        var shown = orders.Skip(page * size).Take(size).Select(order => (JsonNode)register.Url($"/order/{order.Id}"));
        var reply = AcmeReply.Json(200, new() { ["orders"] = new JsonArray([.. shown]) });
        return (page + 1) * size >= orders.Count ? reply : reply.With("Link", string.Create(CultureInfo.InvariantCulture, $"<{register.Url($"/account/{account.Id}/orders?page={page + 1}")}>;rel=\"next\""));
    }

    /// <summary>RFC 8555 section 7.3.5.</summary>
    public AcmeReply ChangeKey(Account account, JwsMessage message, string url)
    {
        var inner = JwsMessage.Parse(message.Payload);
        var next = JwsKey.Read(inner.Jwk);
        inner.Verify(next);
        var asked = inner.Asked();
        if (inner.Nonce is not null || inner.Url != url)
        {
            throw AcmeRefusal.Malformed("the inner message must have the same url, and no nonce");
        }

        if ((string?)asked["account"] != register.Url($"/account/{account.Id}") || JwsKey.Read(asked["oldKey"]).SubjectPublicKey != account.Key.SubjectPublicKey)
        {
            throw AcmeRefusal.Malformed("account and oldKey must be the account's");
        }

        if (register.Accounts.Find(other => other.Key.SubjectPublicKey == next.SubjectPublicKey) is { } taken)
        {
            throw new AcmeRefusal(409, "malformed", "New key is already in use for a different account")
            {
                Reply = AcmeReply.Problem(409, "malformed", "New key is already in use for a different account").With("Location", register.Url($"/account/{taken.Id}")),
            };
        }

        account.Key = next;
        return Show(account, 200);
    }

    private AcmeReply Show(Account account, int status)
    {
        var shown = new JsonObject { ["status"] = account.Status, ["contact"] = account.Contact.DeepClone() };
        if (register.Rules.ListsOrders)
        {
            shown["orders"] = register.Url($"/account/{account.Id}/orders");
        }

        return AcmeReply.Json(status, shown).With("Location", register.Url($"/account/{account.Id}"));
    }

    private static JsonArray Contact(JsonObject asked)
    {
        var contact = asked["contact"] as JsonArray ?? [];
        foreach (var address in contact)
        {
            var text = (string?)address ?? "";
            if (!text.StartsWith("mailto:", StringComparison.Ordinal))
            {
                throw new AcmeRefusal(400, "unsupportedContact", $"{text} is no mailto");
            }

            if (text.Contains('?', StringComparison.Ordinal) || text.Contains(',', StringComparison.Ordinal) || text.Split('@') is not [_, { Length: > 0 }])
            {
                throw new AcmeRefusal(400, "invalidContact", $"{text} is not one address");
            }
        }

        return contact.DeepClone().AsArray();
    }

    /// <summary>RFC 8555 section 7.3.4.</summary>
    private void Bind(JsonNode? binding, JwsMessage outer, string url)
    {
        var accounts = register.Rules.ExternalAccounts;
        if (binding is null)
        {
            _ = accounts.Count == 0 ? true : throw new AcmeRefusal(403, "externalAccountRequired", "No externalAccountBinding field provided");
            return;
        }

        var inner = JwsMessage.Parse(binding);
        if (inner.Algorithm != "HS256" || inner.Nonce is not null || inner.Url != url || inner.KeyId is not { } id)
        {
            throw AcmeRefusal.Malformed("the binding must have a MAC algorithm, a kid, the same url and no nonce");
        }

        if (!accounts.TryGetValue(id, out var key) || !HMACSHA256.HashData(key, inner.Signed).AsSpan().SequenceEqual(inner.Signature))
        {
            throw AcmeRefusal.Unauthorized("the external account is unknown or its MAC is wrong");
        }

        if (JwsKey.Read(inner.Asked()).Thumbprint != JwsKey.Read(outer.Jwk).Thumbprint)
        {
            throw AcmeRefusal.Malformed("the binding is for another key");
        }
    }
}
