using System.Collections.Concurrent;
using System.Collections.Immutable;
using IngressController.Cluster;
using IngressController.Routing.Model;

namespace IngressController.Proxy.Backends;

/// <summary>The backends as requests use them. For the single writer only, but for <see cref="All"/>.</summary>
internal sealed class LiveBackends
{
    private readonly ConcurrentDictionary<BackendKey, ProxyBackend> byKey = [];
    private readonly Dictionary<NamespacedName, ImmutableArray<ProxyBackend>> byService = [];

    /// <summary>For anybody, at any time.</summary>
    public IEnumerable<ProxyBackend> All => byKey.Select(static backend => backend.Value); // Values would copy them

    /// <returns>Null where there is none.</returns>
    public ProxyBackend? Find(BackendKey key) => byKey.GetValueOrDefault(key);

    /// <summary>One Service may be used under several policies, with the same destinations.</summary>
    public ImmutableArray<ProxyBackend> OfService(NamespacedName service) => byService.TryGetValue(service, out var backends) ? backends : [];

    /// <summary>Takes the place of the backend with that key, if there is one.</summary>
    public void Set(BackendKey key, ProxyBackend backend)
    {
        var others = Find(key) is { } before ? OfService(key.Service).Remove(before) : OfService(key.Service);
        byKey[key] = backend;
        byService[key.Service] = others.Add(backend);
    }

    /// <returns>The backend that is gone; null where there was none.</returns>
    public ProxyBackend? Remove(BackendKey key)
    {
        if (!byKey.TryRemove(key, out var gone))
        {
            return null;
        }

        var left = OfService(key.Service).Remove(gone);
        if (left.IsEmpty)
        {
            byService.Remove(key.Service);
        }
        else
        {
            byService[key.Service] = left;
        }

        return gone;
    }
}
