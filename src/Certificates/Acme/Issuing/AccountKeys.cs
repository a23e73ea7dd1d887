using System.Collections.Concurrent;
using IngressController.Certificates.Acme.Protocol;

namespace IngressController.Certificates.Acme.Issuing;

/// <summary>The keys that are in use, until nobody uses them. Thread-safe.</summary>
internal sealed class AccountKeys : IDisposable
{
    private readonly ConcurrentBag<AccountKey> all = [];

    public AccountKey Create() => Keep(AccountKey.Create());

    /// <param name="pem">As it is in the state.</param>
    /// <exception cref="StateLostException"/>
    public AccountKey Read(string pem)
    {
        try
        {
            return Keep(AccountKey.Read(pem));
        }
        catch (FormatException)
        {
            throw new StateLostException("the key of an account in it cannot be read. Restore it, or delete the Secret: then new accounts are made");
        }
    }

    public void Dispose()
    {
        foreach (var key in all)
        {
            key.Dispose();
        }
    }

    private AccountKey Keep(AccountKey key)
    {
        all.Add(key);
        return key;
    }
}
