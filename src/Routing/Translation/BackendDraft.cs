using System.Collections.Immutable;
using IngressController.Cluster;
using IngressController.Routing.Model;

namespace IngressController.Routing.Translation;

/// <summary>One step of translation for the backends: who uses them, and those whose Service, endpoints or Secret changed.</summary>
internal sealed class BackendDraft(Translation before, ClusterChange change)
{
    private readonly TranslationOptions options = before.Options;
    private readonly ImmutableDictionary<NamespacedName, BackendUsers>.Builder users = before.BackendUsers.ToBuilder();
    private readonly ImmutableDictionary<BackendKey, Backend>.Builder backends = before.Model.Backends.ToBuilder();
    private readonly ImmutableDictionary<NamespacedName, ImmutableHashSet<BackendKey>>.Builder secrets = before.UpstreamSecrets.ToBuilder();
    private readonly HashSet<BackendKey> touched = [];

    public ImmutableDictionary<NamespacedName, BackendUsers> Users => users.ToImmutable();

    public ImmutableDictionary<BackendKey, Backend> Backends => backends.ToImmutable();

    /// <summary>Which backends speak TLS with what a Secret says.</summary>
    public ImmutableDictionary<NamespacedName, ImmutableHashSet<BackendKey>> Secrets => secrets.ToImmutable();

    /// <summary>Moves a use of a backend from one route to another. A backend lives as long as somebody uses it.</summary>
    public void Use(Route? old, Route? now)
    {
        if (old == now)
        {
            return;
        }

        if (old?.Backend is { } left)
        {
            touched.Add(left);
            var others = users[left.Service].Remove(old);
            if (others.Routes.IsEmpty)
            {
                users.Remove(left.Service);
            }
            else
            {
                users[left.Service] = others;
            }
        }

        if (now?.Backend is { } taken)
        {
            users[taken.Service] = (users.GetValueOrDefault(taken.Service) ?? BackendUsers.None).Add(now);
            touched.Add(taken);
        }
    }

    /// <summary>Call it after the last <see cref="Use"/>.</summary>
    /// <returns>The backends that came, changed or went.</returns>
    public ImmutableHashSet<BackendKey> Resolve() =>
        touched.Concat(OfChangedServices()).Concat(OfChangedSecrets()).Distinct().ToList().Where(Resolve).ToImmutableHashSet();

    private IEnumerable<BackendKey> OfChangedServices() =>
        from service in change.Services
        where users.ContainsKey(service)
        from backend in users[service].Routes.Keys
        select backend;

    private IEnumerable<BackendKey> OfChangedSecrets() =>
        change.Changed.Where(key => key.Kind == ResourceKind.Secret).SelectMany(key => secrets.GetValueOrDefault(key.Name) ?? []);

    private bool Resolve(BackendKey key)
    {
        var isUsed = users.GetValueOrDefault(key.Service)?.Routes.ContainsKey(key) == true;
        UseSecret(key, isUsed);
        if (!isUsed)
        {
            return backends.Remove(key);
        }

        var now = BackendResolver.Resolve(key, change.Snapshot, options);
        var isChanged = !backends.TryGetValue(key, out var old) || old != now;
        if (isChanged)
        {
            backends[key] = now;
        }

        return isChanged;
    }

    private void UseSecret(BackendKey key, bool isUsed)
    {
        if (key.Policy.Tls.Secret is { } secret)
        {
            var now = secrets.GetValueOrDefault(secret) ?? [];
            secrets[secret] = isUsed ? now.Add(key) : now.Remove(key);
            if (secrets[secret].IsEmpty)
            {
                secrets.Remove(secret);
            }
        }
    }
}
