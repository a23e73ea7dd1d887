using System.Collections.Immutable;
using IngressController.Cluster;
using IngressController.Routing.Model;

namespace IngressController.Proxy.Backends;

/// <summary>The backends as requests use them. For the single writer only.</summary>
internal sealed class LiveBackends
{
    private readonly Dictionary<BackendKey, ProxyBackend> byKey = [];
    private readonly Dictionary<NamespacedName, ImmutableArray<ProxyBackend>> byService = [];

    /// <returns>Null where there is none.</returns>
    public ProxyBackend? Find(BackendKey key) => byKey.GetValueOrDefault(key);

    /// <summary>One Service may be used under several policies, with the same destinations.</summary>
    public ImmutableArray<ProxyBackend> OfService(NamespacedName service) => byService.TryGetValue(service, out var backends) ? backends : [];

    /// <summary>Takes the place of the backend with that key, if there is one.</summary>
    public void Set(BackendKey key, ProxyBackend backend)
    {
        Remove(key);
        byKey[key] = backend;
        byService[key.Service] = OfService(key.Service).Add(backend);
    }

    /// <returns>The backend that is gone; null where there was none.</returns>
    public ProxyBackend? Remove(BackendKey key)
    {
        if (!byKey.Remove(key, out var gone))
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
