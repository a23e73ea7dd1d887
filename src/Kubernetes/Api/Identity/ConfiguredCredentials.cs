using System.Net.Http.Headers;
using System.Text;

namespace IngressController.Kubernetes.Api.Identity;

/// <summary>A token, a password or a client certificate, as text or in files. Files are read again once a minute, because they rotate.</summary>
internal sealed class ConfiguredCredentials : ICredentialSource
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private Credential? current;
    private long readAt;
    private bool isRefused;

    /// <summary>The file that names them, for messages.</summary>
    public string Where { get; init; } = "";

    public Material? Token { get; init; }

    /// <summary>Used while <see cref="Token"/> cannot be read.</summary>
    public string? FallbackToken { get; init; }

    public (string Name, string Password)? User { get; init; }

    public Material? Certificate { get; init; }

    public Material? Key { get; init; }

    public bool IsEmpty => Token is null && User is null && Certificate is null;

    /// <summary>Itself, once everything can be read: a missing file should be said at the start.</summary>
    /// <exception cref="ConnectionException">Something cannot be read.</exception>
    public ConfiguredCredentials Checked()
    {
        Read(before: null);
        return this;
    }

    public Task<Credential> GetAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (current is null || isRefused || time.GetElapsedTime(readAt) >= Fresh)
            {
                (current, readAt, isRefused) = (ReadOrKeep(), time.GetTimestamp(), false);
            }

            return Task.FromResult(current);
        }
    }

    public void Refuse(Credential credential)
    {
        lock (gate)
        {
            if (ReferenceEquals(credential, current))
            {
                isRefused = true;
            }
        }
    }

    /// <summary>Files are replaced one after the other: in between, what was read before still serves.</summary>
    private Credential ReadOrKeep()
    {
        try
        {
            return Read(current);
        }
        catch (ConnectionException) when (current is not null && !isRefused)
        {
            return current;
        }
    }

    private Credential Read(Credential? before)
    {
        ClientCertificate? shown = null;
        if (Certificate is not null && Key is not null)
        {
            var (certificate, key) = (Certificate.Read(Where), Key.Read(Where));
            shown = before?.Certificate is { } same && same.Is(certificate, key) ? same : ClientCertificate.Of(certificate, key, Where);
        }

        return new(ReadAuthorization(), shown);
    }

    private AuthenticationHeaderValue? ReadAuthorization()
    {
        if (User is { } user)
        {
            return new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user.Name}:{user.Password}")));
        }

        return ReadToken() is { Length: > 0 } token ? new("Bearer", token) : null;
    }

    private string? ReadToken()
    {
        try
        {
            return Token?.Read(Where).Trim() ?? FallbackToken;
        }
        catch (ConnectionException) when (FallbackToken is not null)
        {
            return FallbackToken;
        }
    }
}
