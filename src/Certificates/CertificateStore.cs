using System.Collections.Immutable;
using System.Net.Security;
using IngressController.Cluster;
using IngressController.Routing.Model;

namespace IngressController.Certificates;

/// <summary>The certificates that are served, by host. Changed by one task, read by all handshakes; a handshake keeps what it has read.</summary>
public sealed class CertificateStore
{
    private readonly TimeProvider time;
    private readonly OcspStapling? stapling;
    private readonly LoadedSecrets secrets;

    private readonly HostCertificates selfSigned;
    private volatile RoutingModel applied = RoutingModel.Empty;
    private volatile ShownCertificates hosts = ShownCertificates.None;
    private volatile HostCertificates fallback;
    private volatile CertificateProblems problems = CertificateProblems.None;

    /// <param name="stapling">Null: certificates are served without what their authority says about revocation.</param>
    public CertificateStore(TimeProvider time, OcspStapling? stapling = null)
    {
        (this.time, this.stapling, secrets) = (time, stapling, new(staples: stapling is not null));
        fallback = selfSigned = new([SelfSignedCertificate.Create(time)]);
    }

    /// <summary>What is wrong with the certificates as of the last change or judgement.</summary>
    public CertificateProblems Problems => problems;

    /// <summary>The certificates out of Secrets, in the order of their names. Made for each call, in time proportional to the hosts.</summary>
    public EquatableArray<ServedCertificate> Served
    {
        get
        {
            var model = applied;
            var users = model.Tls.Values.SelectMany(tls => tls.Certificates.Select(source => source.Secret).Distinct()).CountBy(secret => secret).ToDictionary();
            var served = from item in secrets.All
                         where item.Value.Certificate is not null
                         orderby item.Key
                         let certificate = item.Value.Certificate
                         select new ServedCertificate(
                             item.Key, certificate.Names.ToEquatableArray(), certificate.Issuer, certificate.NotBefore, certificate.NotAfter, certificate.IsEcdsa,
                             users.GetValueOrDefault(item.Key), item.Key == model.DefaultCertificate);
            return [.. served];
        }
    }

    /// <summary>The Secrets that are there and without a certificate that can be served, in the order of their names.</summary>
    public IReadOnlyList<BrokenSecret> Broken =>
        [.. from item in secrets.All where item.Value.Certificate is null orderby item.Key select new BrokenSecret(item.Key, item.Value.Why)];

    /// <summary>Of the certificates out of Secrets those that end soonest, soonest first.</summary>
    internal IReadOnlyList<(NamespacedName Secret, DateTimeOffset NotAfter)> Ending(int most)
    {
        var certificates = from item in secrets.All
                           let certificate = item.Value.Certificate
                           where certificate is not null
                           orderby certificate.NotAfter, item.Key
                           select (item.Key, certificate.NotAfter);
        return [.. certificates.Take(most)];
    }

    /// <summary>The Secrets whose certificates clients are shown that name this host: first that for clients that take ECDSA, then, if it is another, that for those
    /// that do not. Empty: the self-signed certificate.</summary>
    public EquatableArray<NamespacedName> ShownFor(string serverName)
    {
        var host = hosts.Find(serverName) ?? fallback;
        LoadedCertificate[] shown = [host.For(takesEcdsa: true), host.For(takesEcdsa: false)];
        return [.. shown.Distinct().SelectMany(SecretsOf)];
    }

    /// <summary>The Secret whose certificate clients of a host are shown, if they take ECDSA; of a wildcard, those of the hosts that have none of their own. Null: the default certificate.</summary>
    public NamespacedName? SecretFor(HostName host) =>
        hosts.Find(host.Text) is { } found ? SecretsOf(found.For(takesEcdsa: true)).Select(secret => (NamespacedName?)secret).FirstOrDefault() : null;

    /// <summary>Makes a change live; when it returns, new handshakes follow it. Call it from one task only.</summary>
    public void Apply(RoutingChange change)
    {
        var (before, now) = (applied, change.Model);
        if (change.Certificates.Count > 0)
        {
            var read = secrets.Load(change.Certificates, before, now, time.GetUtcNow());
            read.ForEach(certificate => stapling?.Ask(certificate));
        }

        foreach (var host in change.Tls)
        {
            secrets.Use(host, before.Tls.GetValueOrDefault(host), now.Tls.GetValueOrDefault(host));
        }

        applied = now;
        Publish(change.Certificates.SelectMany(secrets.UsersOf).Concat(change.Tls).ToHashSet());
    }

    /// <summary>Follows the time: certificates begin and end without any change. Call it from the task that applies, now and then.</summary>
    public void Judge() => Publish(secrets.Turned(time.GetUtcNow()));

    /// <summary>The certificate for a connection. Costs a few look-ups of names and allocates nothing, but for the first handshake with a certificate, which prepares it.</summary>
    /// <param name="serverName">From SNI; empty where the client names no host.</param>
    /// <param name="takesEcdsa">The client can verify certificates with keys on elliptic curves.</param>
    /// <param name="clients">Whose certificates the client is asked for; null: it is not asked. Held by who asks: without it, what was prepared goes.</param>
    public SslStreamCertificateContext Find(ReadOnlySpan<char> serverName, bool takesEcdsa, SslCertificateTrust? clients = null)
    {
        var certificate = (hosts.Find(serverName.TrimEnd('.')) ?? fallback).For(takesEcdsa);
        return ContextOf(certificate, clients) ?? ContextOf(fallback.For(takesEcdsa), clients) ?? selfSigned.For(takesEcdsa).Context!;
    }

    private IEnumerable<NamespacedName> SecretsOf(LoadedCertificate certificate) => from item in secrets.All where item.Value.Certificate == certificate select item.Key;

    private static SslStreamCertificateContext? ContextOf(LoadedCertificate certificate, SslCertificateTrust? clients) =>
        clients is null ? certificate.Context : certificate.ContextFor(clients);

    private void Publish(HashSet<HostName> touched)
    {
        var now = time.GetUtcNow();
        if (touched.Count > 0)
        {
            hosts = hosts.With(touched, NamedBy, now);
        }

        var @default = applied.DefaultCertificate is { } name ? secrets.All.GetValueOrDefault(name) : null;
        fallback = @default?.Certificate is { } given ? new([given]) : selfSigned;
        problems = problems.With(
            touched.Select(host => (host, applied.Tls.TryGetValue(host, out var tls) ? CertificateJudgement.Judge(host, tls, secrets.All, now) : [])),
            applied.DefaultCertificate is { } secret ? CertificateJudgement.JudgeDefault(secret, @default, now) : []);
    }

    private List<(LoadedCertificate Certificate, StandIn StandIn)> NamedBy(HostName host)
    {
        var named = from source in applied.Tls.GetValueOrDefault(host)?.Certificates ?? []
                    let certificate = secrets.All.GetValueOrDefault(source.Secret)?.Certificate
                    where certificate is not null && (!source.IfCovering || (!host.IsAny && certificate.Covers(host)))
                    select (certificate, source.StandIn);
        return [.. named];
    }
}
