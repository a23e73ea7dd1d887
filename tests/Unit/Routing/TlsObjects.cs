using System.Security.Cryptography.X509Certificates;
using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Routing.Model;
using IngressController.Routing.Translation;
using IngressController.Testing;
using IngressController.Testing.Tls;

namespace IngressController.Unit.Routing;

/// <summary>What the tests of TLS in the routing room are about, in few words.</summary>
internal static class TlsObjects
{
    public const string Own = "yarp.ingress.kubernetes.io/";
    public const string Nginx = "nginx.ingress.kubernetes.io/";
    public static readonly string Authorities = SelfSigned.Certificate.ExportCertificatePem();
    public static readonly string Lists = ListOfNobody();

    public static Ingress Shop(string host) => Make.Ingress("shop").WithRule(host, "Prefix /");

    public static RoutingRoom Upstream(params (string Name, string Value)[] annotations)
    {
        var ingress = annotations.Aggregate(Shop("a.test"), (made, annotation) => made.Annotated(annotation.Name, annotation.Value));
        return RoutingRoom.With(ingress, Make.Service("web", "80"), Make.Slice("web", "8443", "10.0.0.1"));
    }

    public static HostTls? Tls(RoutingRoom room, string host) =>
        HostName.TryParse(host, out var name) ? room.Translation.Model.Tls.GetValueOrDefault(name) : throw new ArgumentException(host);

    public static IEnumerable<string> Sources(RoutingRoom room, string host) =>
        Tls(room, host)!.Certificates.Select(source => $"{source.Secret} {source.Field}{(source.IfCovering ? " if covering" : "")}");

    public static RoutePolicies Policies(RoutingRoom room) => room.Translation.Model.Hosts.Values.Single().Routes[0].Policies;

    public static NamespacedName Name(string secret) => new("default", secret);

    public static Secret Secret(string name, params (string Key, string Text)[] data) => new(
        new Metadata("default", name),
        "kubernetes.io/tls",
        data.Select(pair => KeyValuePair.Create(pair.Key, System.Text.Encoding.UTF8.GetBytes(pair.Text).ToEquatableArray())).ToEquatableMap());

    private static string ListOfNobody()
    {
        using var authority = TestAuthority.Create();
        return authority.RevocationList(TimeSpan.FromDays(9));
    }
}
