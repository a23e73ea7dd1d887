using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using IngressController.Cluster.Resources;
using IngressController.Kubernetes.Manifests.Documents;
using IngressController.Kubernetes.Manifests.Validation;
using IngressController.Kubernetes.Wire;
using V1Beta1 = IngressController.Kubernetes.Wire.V1Beta1;

namespace IngressController.Kubernetes.Manifests.Decoding;

/// <summary>A kind of object in one version of the API: how it is checked and read.</summary>
internal sealed class ManifestKind
{
    private const string Core = "v1";
    private const string Networking = "networking.k8s.io/v1";
    private const string OldNetworking = "networking.k8s.io/v1beta1";
    private const string Extensions = "extensions/v1beta1";
    private const string Discovery = "discovery.k8s.io/v1";
    private const string OldDiscovery = "discovery.k8s.io/v1beta1";

    private static readonly Dictionary<(string ApiVersion, string Kind), ManifestKind> Known = BuildKnown();
    private static readonly HashSet<string> Kinds = [.. Known.Keys.Select(key => key.Kind)];
    private static readonly HashSet<string> Groups = [.. Known.Keys.Select(key => GroupOf(key.ApiVersion))];

    private readonly WireShape shape;
    private readonly bool reportsUnknownFields;
    private readonly Func<byte[], FieldErrors, IEnumerable<IResource>> decode;

    private ManifestKind(WireShape shape, bool isNamespaced, bool reportsUnknownFields, Func<byte[], FieldErrors, IEnumerable<IResource>> decode)
    {
        (this.shape, IsNamespaced, this.reportsUnknownFields, this.decode) = (shape, isNamespaced, reportsUnknownFields, decode);
    }

    public bool IsNamespaced { get; }

    /// <summary>Null where the API has no such kind in this version, or where it is none of ours.</summary>
    public static ManifestKind? Find(string apiVersion, string kind) => Known.GetValueOrDefault((apiVersion, kind));

    public static bool IsOurs(string kind) => Kinds.Contains(kind);

    /// <summary>
    /// The group is ours, and the kind is one of ours in a version that does not have it, or nearly one of ours (<c>Ingres</c>, <c>ingress</c>): a mistake, not
    /// somebody else's object.
    /// </summary>
    public static bool IsMistaken(string apiVersion, string kind) =>
        Groups.Contains(GroupOf(apiVersion)) && Find(apiVersion, kind) is null && Kinds.Any(ours => IsNearly(kind, ours));

    /// <summary>The same but for case and one letter too many, too few or wrong.</summary>
    private static bool IsNearly(string kind, string ours)
    {
        if (Math.Abs(kind.Length - ours.Length) > 1)
        {
            return false;
        }

        var (written, meant) = (kind.ToLowerInvariant(), ours.ToLowerInvariant());
        var same = written.AsSpan().CommonPrefixLength(meant);
        var left = written.AsSpan(same);
        var right = meant.AsSpan(same);
        return left.Length == right.Length ? left.Length == 0 || left[1..].SequenceEqual(right[1..])
            : left.Length > right.Length ? left[1..].SequenceEqual(right)
            : left.SequenceEqual(right[1..]);
    }

    /// <summary>Nothing where the object is refused.</summary>
    public IEnumerable<IResource> Read(Node node, FieldErrors errors)
    {
        new ShapeCheck(reportsUnknownFields, errors).Check(node, shape);
        return errors.IsRefused ? [] : decode(node.ToJson(), errors);
    }

    private static Dictionary<(string, string), ManifestKind> BuildKnown()
    {
        var wire = WireContext.Default;
        var oldIngress = Of(V1Beta1.V1Beta1Context.Default.Ingress, (i, e) => IngressRules.Check(i.ToV1(), e), i => [i.ToV1().ToResource()], isStrict: true);
        var ingressClass = Of(wire.IngressClass, IngressClassRules.Check, c => [c.ToResource()], isNamespaced: false, isStrict: true);
        var slice = Of(wire.EndpointSlice, EndpointRules.Check, s => [s.ToResource()]);
        return new()
        {
            [(Networking, "Ingress")] = Of(wire.Ingress, IngressRules.Check, i => [i.ToResource()], isStrict: true),
            [(OldNetworking, "Ingress")] = oldIngress,
            [(Extensions, "Ingress")] = oldIngress,
            [(Networking, "IngressClass")] = ingressClass,
            [(OldNetworking, "IngressClass")] = ingressClass,
            [(Discovery, "EndpointSlice")] = slice,
            [(OldDiscovery, "EndpointSlice")] = slice,
            [(Core, "Service")] = Of(wire.Service, ServiceRules.Check, s => [s.ToResource()]),
            [(Core, "Endpoints")] = Of(wire.Endpoints, EndpointRules.Check, e => e.Mirror()),
            [(Core, "Secret")] = Of(wire.Secret, ContentRules.Check, s => [s.ToResource()]),
            [(Core, "ConfigMap")] = Of(wire.ConfigMap, ContentRules.Check, c => [c.ToResource()]),
            [(Core, "Namespace")] = Of(wire.Namespace, ContentRules.Check, n => [n.ToResource()], isNamespaced: false),
        };
    }

    private static ManifestKind Of<T>(
        JsonTypeInfo<T> type,
        Action<T, FieldErrors> check,
        Func<T, IEnumerable<IResource>> map,
        bool isNamespaced = true,
        bool isStrict = false) => new(WireShape.Of(type), isNamespaced, isStrict, (json, errors) =>
        {
            var item = JsonSerializer.Deserialize(json, type)!;
            check(item, errors);
            return errors.IsRefused ? [] : map(item);
        });

    private static string GroupOf(string apiVersion) => apiVersion.Contains('/', StringComparison.Ordinal) ? apiVersion[..apiVersion.IndexOf('/', StringComparison.Ordinal)] : "";
}
