using System.Text.Json.Nodes;
using IngressController.Testing.Acme.Protocol;
using IngressController.Testing.Acme.Validating;

namespace IngressController.Testing.Acme.Issuing;

/// <summary>RFC 8555 section 7.5.</summary>
internal sealed class AuthorizationRequests(Register register, Validation validation)
{
    public AcmeReply Find(Account account, string id, JwsMessage message)
    {
        var authorization = register.AuthorizationOf(account, id);
        if (!message.OnlyReads)
        {
            authorization.Status = (string?)message.Asked()["status"] == "deactivated" ? "deactivated" : throw AcmeRefusal.Malformed("an authorization can only be deactivated");
        }

        authorization.Status = authorization.Status == "pending" && authorization.Expires <= register.Now ? "expired" : authorization.Status;
        var shown = new JsonObject
        {
            ["identifier"] = new JsonObject { ["type"] = "dns", ["value"] = authorization.Host },
            ["status"] = authorization.Status,
            ["expires"] = Register.Text(authorization.Expires),
            ["challenges"] = new JsonArray([.. authorization.Challenges.Where(one => authorization.Status == "pending" || one.Status != "pending").Select(Show)]),
        };
        _ = authorization.IsWildcard ? shown["wildcard"] = true : null;
        return AcmeReply.Json(200, shown);
    }

    /// <param name="begin">Begins what takes longer than a request.</param>
    public AcmeReply Answer(Account account, string id, JwsMessage message, Action<Func<Task>> begin)
    {
        var challenge = register.ChallengeOf(account, id);
        if (!message.OnlyReads)
        {
            if (message.Asked().Count > 0)
            {
                throw AcmeRefusal.Malformed("the payload must be {}");
            }

            if (challenge.Authorization.Status != "pending")
            {
                throw AcmeRefusal.Malformed($"Cannot update challenge of an authorization that is {challenge.Authorization.Status}");
            }

            if (challenge.Status == "pending")
            {
                challenge.Status = "processing";
                var authorization = $"{challenge.Token}.{account.Key.Thumbprint}";
                begin(() => ValidateAsync(challenge, authorization));
            }
        }

        return AcmeReply.Json(200, Show(challenge)).With("Link", $"<{register.Url($"/authorization/{challenge.Authorization.Id}")}>;rel=\"up\"");
    }

    private async Task ValidateAsync(ChallengeState challenge, string keyAuthorization)
    {
        var error = await validation.ValidateAsync(challenge.Kind, challenge.Authorization.Host, challenge.Token, keyAuthorization);
        lock (register.Gate)
        {
            challenge.Status = challenge.Authorization.Status = error is null ? "valid" : "invalid";
            challenge.Error = error;
            challenge.Validated = register.Now;
        }
    }

    private JsonObject Show(ChallengeState challenge)
    {
        var shown = new JsonObject { ["type"] = challenge.Kind, ["url"] = register.Url($"/challenge/{challenge.Id}"), ["status"] = challenge.Status, ["token"] = challenge.Token };
        _ = challenge.Error is { } error ? shown["error"] = error.DeepClone() : null;
        _ = challenge is { Status: "valid", Validated: { } time } ? shown["validated"] = Register.Text(time) : null;
        return shown;
    }
}
