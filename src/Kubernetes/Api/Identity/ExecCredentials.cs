using IngressController.Kubernetes.Wire;

namespace IngressController.Kubernetes.Api.Identity;

/// <summary>What a plugin says, kept until it expires or the API server refuses it.</summary>
internal sealed class ExecCredentials(ExecPlugin plugin) : ICredentialSource
{
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private Task<Credential>? obtained;
    private Credential? current;
    private DateTimeOffset renewal;

    /// <summary>All that ask while the plugin runs wait for the same run.</summary>
    public Task<Credential> GetAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (obtained is null || obtained.IsFaulted || IsOver(obtained, time))
            {
                obtained = ObtainAsync(time);
            }

            return obtained.WaitAsync(cancellationToken);
        }
    }

    public void Refuse(Credential credential)
    {
        lock (gate)
        {
            current = ReferenceEquals(credential, current) ? null : current;
        }
    }

    private bool IsOver(Task<Credential> task, TimeProvider time) =>
        task.IsCompletedSuccessfully && (current is null || renewal <= time.GetUtcNow());

    /// <summary>Whoever asked first may give up: the others still wait. The plugin's own time limit ends it.</summary>
    private async Task<Credential> ObtainAsync(TimeProvider time)
    {
        var status = await plugin.RunAsync(time, CancellationToken.None);
        renewal = RenewalOf(status, time.GetUtcNow());
        return current = new(status.Token.NullIfEmpty() is { } token ? new("Bearer", token) : null, CertificateOf(status));
    }

    /// <summary>Before it expires, so that nothing is asked with a credential that dies on the way: a minute, of short lives a fifth.</summary>
    private static DateTimeOffset RenewalOf(ExecStatus status, DateTimeOffset now) => status.ExpirationTimestamp is { } expires
        ? expires - TimeSpan.FromTicks(Math.Clamp((expires - now).Ticks / 5, 0, Margin.Ticks))
        : DateTimeOffset.MaxValue;

    private ClientCertificate? CertificateOf(ExecStatus status) =>
        status.ClientCertificateData.NullIfEmpty() is { } certificate ? ClientCertificate.Of(certificate, status.ClientKeyData ?? "", plugin.Where) : null;
}
