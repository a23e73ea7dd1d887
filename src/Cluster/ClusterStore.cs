using System.Collections.Immutable;
using IngressController.Cluster.Resources;

namespace IngressController.Cluster;

/// <summary>A snapshot, and the objects in which it differs from the one before.</summary>
/// <param name="Services">The Services that changed, themselves or in their EndpointSlices; a Service need not exist.</param>
public sealed record ClusterChange(
    ClusterSnapshot Snapshot,
    ImmutableHashSet<ResourceKey> Changed,
    ImmutableHashSet<NamespacedName> Services);

/// <summary>Turns changes into snapshots. One writer; a snapshot may be read by anybody.</summary>
public sealed class ClusterStore
{
    public ClusterSnapshot Current { get; private set; } = ClusterSnapshot.Empty;

    /// <summary>Changes that change nothing (an equal object, the deletion of an absent one) do not count as changed.</summary>
    public ClusterChange Apply(IEnumerable<ResourceChange> changes)
    {
        var draft = new Draft(Current);
        foreach (var change in changes)
        {
            draft.Apply(change);
        }

        Current = draft.ToSnapshot();
        return new ClusterChange(Current, draft.Changed.ToImmutable(), draft.ChangedServices.ToImmutable());
    }

    private sealed class Draft(ClusterSnapshot before)
    {
        private readonly ImmutableDictionary<NamespacedName, Ingress>.Builder ingresses = before.Ingresses.ToBuilder();
        private readonly ImmutableDictionary<NamespacedName, IngressClass>.Builder classes = before.IngressClasses.ToBuilder();
        private readonly ImmutableDictionary<NamespacedName, Service>.Builder services = before.Services.ToBuilder();
        private readonly ImmutableDictionary<NamespacedName, EndpointSlice>.Builder slices = before.EndpointSlices.ToBuilder();
        private readonly ImmutableDictionary<NamespacedName, Secret>.Builder secrets = before.Secrets.ToBuilder();
        private readonly ImmutableDictionary<NamespacedName, ConfigMap>.Builder configMaps = before.ConfigMaps.ToBuilder();
        private readonly ImmutableDictionary<NamespacedName, Namespace>.Builder namespaces = before.Namespaces.ToBuilder();
        private readonly ImmutableDictionary<NamespacedName, ImmutableSortedDictionary<string, EndpointSlice>>.Builder slicesByService =
            before.SlicesByService.ToBuilder();

        public ImmutableHashSet<ResourceKey>.Builder Changed { get; } = ImmutableHashSet.CreateBuilder<ResourceKey>();

        public ImmutableHashSet<NamespacedName>.Builder ChangedServices { get; } = ImmutableHashSet.CreateBuilder<NamespacedName>();

        public void Apply(ResourceChange change)
        {
            var isChanged = change.Key.Kind switch
            {
                ResourceKind.Ingress => Set(ingresses, change),
                ResourceKind.IngressClass => Set(classes, change),
                ResourceKind.Service => Set(services, change),
                ResourceKind.EndpointSlice => SetSlice(change),
                ResourceKind.Secret => Set(secrets, change),
                ResourceKind.ConfigMap => Set(configMaps, change),
                ResourceKind.Namespace => Set(namespaces, change),
                _ => throw new ArgumentOutOfRangeException(nameof(change), change.Key.Kind, "unknown kind"),
            };
            if (isChanged)
            {
                Changed.Add(change.Key);
                if (change.Key.Kind == ResourceKind.Service)
                {
                    ChangedServices.Add(change.Key.Name);
                }
            }
        }

        public ClusterSnapshot ToSnapshot() => new()
        {
            Ingresses = ingresses.ToImmutable(),
            IngressClasses = classes.ToImmutable(),
            Services = services.ToImmutable(),
            EndpointSlices = slices.ToImmutable(),
            SlicesByService = slicesByService.ToImmutable(),
            Secrets = secrets.ToImmutable(),
            ConfigMaps = configMaps.ToImmutable(),
            Namespaces = namespaces.ToImmutable(),
        };

        private static bool Set<T>(ImmutableDictionary<NamespacedName, T>.Builder objects, ResourceChange change)
            where T : class, IResource
        {
            if (change.Resource is null)
            {
                return objects.Remove(change.Key.Name);
            }

            if (objects.TryGetValue(change.Key.Name, out var old) && old.Equals(change.Resource))
            {
                return false;
            }

            objects[change.Key.Name] = (T)change.Resource;
            return true;
        }

        private bool SetSlice(ResourceChange change)
        {
            slices.TryGetValue(change.Key.Name, out var old);
            if (!Set(slices, change))
            {
                return false;
            }

            if (old?.ServiceName is { } oldService)
            {
                var service = new NamespacedName(old.Metadata.Name.Namespace, oldService);
                ChangedServices.Add(service);
                var left = slicesByService[service].Remove(old.Metadata.Name.Name);
                if (left.IsEmpty)
                {
                    slicesByService.Remove(service);
                }
                else
                {
                    slicesByService[service] = left;
                }
            }

            if (change.Resource is EndpointSlice { ServiceName: { } newService } slice)
            {
                var service = new NamespacedName(slice.Metadata.Name.Namespace, newService);
                ChangedServices.Add(service);
                var siblings = slicesByService.GetValueOrDefault(service) ?? ImmutableSortedDictionary.Create<string, EndpointSlice>(StringComparer.Ordinal);
                slicesByService[service] = siblings.SetItem(slice.Metadata.Name.Name, slice);
            }

            return true;
        }
    }
}
