using System.Buffers.Text;
using System.Security.Cryptography;

namespace IngressController.Testing.Acme.Protocol;

/// <summary>RFC 8555 section 6.5: each is good once.</summary>
internal sealed class Nonces(AcmeRules rules)
{
    private readonly Lock gate = new();
    private readonly HashSet<string> good = [];
    private double owed;

    public string Make()
    {
        var nonce = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(15)) + "_"; // of a length that nobody could decode
        lock (gate)
        {
            good.Add(nonce);
        }

        return nonce;
    }

    /// <summary>Those that were given out until now are good no longer.</summary>
    public void Forget()
    {
        lock (gate)
        {
            good.Clear();
        }
    }

    public void Spend(string? nonce)
    {
        lock (gate)
        {
            if (nonce is null || !good.Remove(nonce))
            {
                throw new AcmeRefusal(400, "badNonce", "JWS has an invalid anti-replay nonce");
            }

            owed += rules.NonceRejection;
            if (owed >= 1)
            {
                owed--;
                throw new AcmeRefusal(400, "badNonce", "JWS has an anti-replay nonce that was refused on purpose");
            }
        }
    }
}
