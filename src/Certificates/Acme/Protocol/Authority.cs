using System.Text.Json.Nodes;

namespace IngressController.Certificates.Acme.Protocol;

/// <summary>Exchanges with an authority: its directory, its nonces, and requests that need both. Thread-safe.</summary>
internal sealed class Authority(Issuer issuer, TimeProvider time) : IDisposable
{
    /// <summary>Of one request after another with nonces that the authority does not take (RFC 8555 section 6.5).</summary>
    private const int MostRetries = 5;

    private static readonly TimeSpan DirectoryAge = TimeSpan.FromDays(1);

    private readonly Transport transport = new(issuer, time);
    private readonly NoncePool nonces = new();

    private volatile KnownDirectory? known;

    /// <summary>As it was read within the last day, and since the last failure.</summary>
    public async Task<AcmeDirectory> DirectoryAsync(CancellationToken cancellationToken)
    {
        if (known is { } recent && time.GetElapsedTime(recent.Read) < DirectoryAge)
        {
            return recent.Directory;
        }

        var answer = await GetAsync(issuer.Directory, "its directory", cancellationToken);
        var directory = AcmeDirectory.Read(answer);
        known = new(directory, time.GetTimestamp());
        return directory;
    }

    public async Task<Answer> GetAsync(Uri url, string what, CancellationToken cancellationToken) =>
        Successful(await ExchangeAsync(HttpMethod.Get, url, what, null, cancellationToken));

    /// <param name="what">It is about, for people.</param>
    /// <param name="sign">Makes the message with a nonce.</param>
    public async Task<Answer> PostAsync(Uri url, string what, Func<string, JsonObject> sign, CancellationToken cancellationToken)
    {
        var nonce = nonces.Take();
        for (var retries = 0; ; retries++)
        {
            var body = sign(nonce ?? await NonceAsync(cancellationToken)).ToJsonString();
            var answer = await ExchangeAsync(HttpMethod.Post, url, what, body, cancellationToken);
            nonce = answer.Nonce;
            if (answer.IsSuccess || retries == MostRetries || !answer.Refusal().Is(AcmeProblem.BadNonce))
            {
                nonces.Add(nonce);
                return Successful(answer);
            }
        }
    }

    public void Dispose() => transport.Dispose();

    private async Task<string> NonceAsync(CancellationToken cancellationToken)
    {
        var directory = await DirectoryAsync(cancellationToken);
        var answer = Successful(await ExchangeAsync(HttpMethod.Head, directory.NewNonce, "a nonce", null, cancellationToken));
        return answer.Nonce ?? throw answer.Strange("there is no Replay-Nonce");
    }

    /// <summary>Where something fails, what the directory says may be the reason.</summary>
    private async Task<Answer> ExchangeAsync(HttpMethod method, Uri url, string what, string? body, CancellationToken cancellationToken)
    {
        Answer? answer = null;
        try
        {
            return answer = await transport.SendAsync(method, url, what, body, cancellationToken);
        }
        finally
        {
            known = answer is null or { Status: 404 or 405 or >= 500 } ? null : known;
        }
    }

    private static Answer Successful(Answer answer) => answer.IsSuccess ? answer : throw answer.Refusal();

    /// <param name="Read">Timestamp.</param>
    private sealed record KnownDirectory(AcmeDirectory Directory, long Read);
}
