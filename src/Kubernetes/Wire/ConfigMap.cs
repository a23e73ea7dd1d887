using IngressController.Cluster;
using Resources = IngressController.Cluster.Resources;

namespace IngressController.Kubernetes.Wire;

/// <summary>v1 ConfigMap; binaryData is not read.</summary>
internal sealed class ConfigMap
{
    public ObjectMeta? Metadata { get; init; }

    public Dictionary<string, string?>? Data { get; init; }

    public Resources.ConfigMap ToResource() => new(ObjectMeta.Namespaced(Metadata), Data.OrZero().ToEquatableMap());
}
