using System.Text;
using IngressController.Cluster;
using IngressController.Cluster.Resources;

namespace IngressController.Unit.Kubernetes.Secrets;

/// <summary>Short ways to make Secrets and to look into them.</summary>
internal static class Stored
{
    public static Secret Secret(string name, string value, string type = "Opaque") => new(
        new Metadata("shop", name) with { Annotations = Map("yarp.ingress.kubernetes.io/acme-owner", "yarp/test") },
        type,
        Map("key", Bytes(value)));

    public static EquatableArray<byte> Bytes(string text) => EquatableArray.Create<byte>(Encoding.UTF8.GetBytes(text));

    public static EquatableMap<T> Map<T>(string key, T value) => new[] { KeyValuePair.Create(key, value) }.ToEquatableMap();

    public static string? Value(this StoredSecret? stored) =>
        stored?.Secret.Data.TryGetValue("key", out var bytes) == true ? Encoding.UTF8.GetString([.. bytes]) : null;
}
