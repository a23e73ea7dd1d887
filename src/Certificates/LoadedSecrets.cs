using System.Collections.Immutable;
using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Routing.Model;

namespace IngressController.Certificates;

/// <summary>The Secrets with certificates that are in use, read, and the hosts that name them. Belongs to one task.</summary>
/// <param name="staples">Responders may be asked about revocation.</param>
internal sealed class LoadedSecrets(bool staples)
{
    private readonly Dictionary<NamespacedName, HashSet<HostName>> users = [];

    /// <summary>When the judgement of a certificate changes by itself, soonest first.</summary>
    private readonly SortedSet<(DateTimeOffset Moment, NamespacedName Secret)> turns = [];

    /// <summary>A Secret that does not exist is absent.</summary>
    public ImmutableDictionary<NamespacedName, LoadedSecret> All { get; private set; } = ImmutableDictionary<NamespacedName, LoadedSecret>.Empty;

    public IReadOnlyCollection<HostName> UsersOf(NamespacedName secret) => users.GetValueOrDefault(secret) ?? [];

    /// <summary>Reads Secrets that came, changed or went: all cores, because at the start there may be thousands.</summary>
    /// <returns>The certificates that are new.</returns>
    public List<LoadedCertificate> Load(IReadOnlyCollection<NamespacedName> names, RoutingModel before, RoutingModel now, DateTimeOffset moment)
    {
        var read = names.Count == 1 ? names.Select(Read) : names.AsParallel().Select(Read);
        var (next, loaded) = (All.ToBuilder(), new List<LoadedCertificate>());
        foreach (var (name, secret) in read)
        {
            if (secret is null)
            {
                next.Remove(name);
                continue;
            }

            if (secret.Certificate is { } certificate && secret != All.GetValueOrDefault(name))
            {
                loaded.Add(certificate);
            }

            next[name] = secret;
            Await(name, secret, moment);
        }

        All = next.ToImmutable();
        return loaded;

        (NamespacedName Name, LoadedSecret? Secret) Read(NamespacedName name) => now.Certificates.TryGetValue(name, out var secret)
            ? (name, IsAsBefore(secret, before.Certificates.GetValueOrDefault(name)) && All.TryGetValue(name, out var known) ? known : LoadedSecret.Of(secret, staples))
            : (name, null);
    }

    /// <summary>The hosts of certificates whose turn has come.</summary>
    public HashSet<HostName> Turned(DateTimeOffset moment)
    {
        var hosts = new HashSet<HostName>();
        while (turns.Count > 0 && turns.Min.Moment <= moment)
        {
            var name = turns.Min.Secret;
            turns.Remove(turns.Min);
            hosts.UnionWith(UsersOf(name));
            if (All.TryGetValue(name, out var secret))
            {
                Await(name, secret, moment);
            }
        }

        return hosts;
    }

    public void Use(HostName host, HostTls? before, HostTls? now)
    {
        foreach (var source in before?.Certificates ?? [])
        {
            if (users.TryGetValue(source.Secret, out var set) && set.Remove(host) && set.Count == 0)
            {
                users.Remove(source.Secret);
            }
        }

        foreach (var source in now?.Certificates ?? [])
        {
            if (!users.TryGetValue(source.Secret, out var set))
            {
                users[source.Secret] = set = [];
            }

            set.Add(host);
        }
    }

    /// <summary>Turns of a certificate that is gone stay: they cost one look each.</summary>
    private void Await(NamespacedName name, LoadedSecret secret, DateTimeOffset moment)
    {
        if (secret.Certificate is { } certificate && CertificateJudgement.NextTurn(certificate, moment) is { } turn)
        {
            turns.Add((turn, name));
        }
    }

    /// <summary>A new label is no new certificate: clients go on with the sessions that they have.</summary>
    private static bool IsAsBefore(Secret now, Secret? before) =>
        before is not null
        && now.Data.GetValueOrDefault("tls.crt") == before.Data.GetValueOrDefault("tls.crt")
        && now.Data.GetValueOrDefault("tls.key") == before.Data.GetValueOrDefault("tls.key");
}
