namespace IngressController.Certificates.Acme.Protocol;

/// <summary>Nonces that came with answers (RFC 8555 section 6.5), each given once, the newest first, since authorities forget old ones. Thread-safe.</summary>
internal sealed class NoncePool
{
    /// <summary>As many as there are requests at a time.</summary>
    private const int Most = 32;

    private readonly Lock gate = new();
    private readonly LinkedList<string> nonces = [];

    public void Add(string? nonce)
    {
        lock (gate)
        {
            _ = nonce is null ? null : nonces.AddLast(nonce);
            if (nonces.Count > Most)
            {
                nonces.RemoveFirst();
            }
        }
    }

    public string? Take()
    {
        lock (gate)
        {
            var newest = nonces.Last?.Value;
            if (newest is not null)
            {
                nonces.RemoveLast();
            }

            return newest;
        }
    }
}
