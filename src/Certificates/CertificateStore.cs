using System.Net.Security;
using IngressController.Cluster;
using IngressController.Routing.Matching;
using IngressController.Routing.Model;

namespace IngressController.Certificates;

/// <summary>The certificates that are served, by host. Changed by one writer, read by all handshakes; a handshake keeps what it has read.</summary>
public sealed class CertificateStore
{
    private readonly Dictionary<NamespacedName, LoadedCertificate> loaded = [];
    private readonly Dictionary<NamespacedName, HashSet<HostName>> users = [];
    private readonly HostCertificates selfSigned;
    private RoutingModel applied = RoutingModel.Empty;
    private volatile HostTable<HostCertificates> hosts = HostTable<HostCertificates>.Create();
    private volatile HostCertificates fallback;

    /// <param name="time">For the days in which the program's own certificate is valid.</param>
    public CertificateStore(TimeProvider time) => fallback = selfSigned = new([SelfSignedCertificate.Create(time)]);

    /// <summary>Makes a change live; when it returns, new handshakes follow it. Call it from one task only.</summary>
    public void Apply(RoutingChange change)
    {
        var changed = change.Tls.ToBuilder();
        foreach (var name in change.Certificates)
        {
            Load(name, change.Model);
            changed.UnionWith(users.GetValueOrDefault(name) ?? []);
        }

        foreach (var host in change.Tls)
        {
            Use(applied.Tls.GetValueOrDefault(host), host, static (set, host) => set.Remove(host));
            Use(change.Model.Tls.GetValueOrDefault(host), host, static (set, host) => set.Add(host));
        }

        applied = change.Model;
        fallback = applied.DefaultCertificate is { } @default && loaded.TryGetValue(@default, out var given) ? new([given]) : selfSigned;
        if (changed.Count > 0)
        {
            hosts = hosts.With(changed.ToImmutable(), CertificatesOf);
        }
    }

    /// <summary>The certificate for a connection. Costs two look-ups and allocates nothing.</summary>
    /// <param name="serverName">From SNI; empty where the client names no host.</param>
    /// <param name="takesEcdsa">The client can verify certificates with keys on elliptic curves.</param>
    public SslStreamCertificateContext Find(ReadOnlySpan<char> serverName, bool takesEcdsa) =>
        (hosts.Find(serverName.TrimEnd('.')) ?? fallback).For(takesEcdsa).Context;

    private void Load(NamespacedName name, RoutingModel model)
    {
        if (model.Certificates.TryGetValue(name, out var secret) && LoadedCertificate.TryLoad(secret, out _) is { } certificate)
        {
            loaded[name] = certificate;
        }
        else
        {
            loaded.Remove(name);
        }
    }

    private void Use(HostTls? tls, HostName host, Action<HashSet<HostName>, HostName> act)
    {
        foreach (var source in tls?.Certificates ?? [])
        {
            if (!users.TryGetValue(source.Secret, out var set))
            {
                users[source.Secret] = set = [];
            }

            act(set, host);
            if (set.Count == 0)
            {
                users.Remove(source.Secret);
            }
        }
    }

    /// <returns>Null where there is none, so that the default is served.</returns>
    private HostCertificates? CertificatesOf(HostName host)
    {
        var found = from source in applied.Tls.GetValueOrDefault(host)?.Certificates ?? []
                    let certificate = loaded.GetValueOrDefault(source.Secret)
                    where certificate is not null && (!source.IfCovering || certificate.Covers(host.Text))
                    select certificate;
        return found.ToList() is { Count: > 0 } list ? new(list) : null;
    }
}
