using System.Security.Cryptography.X509Certificates;
using IngressController.Certificates;
using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Routing.Translation;
using IngressController.Testing;
using IngressController.Testing.Tls;

namespace IngressController.Unit.Certificates;

/// <summary>Objects, translated, and the certificates that are served for them.</summary>
internal sealed class CertificateRoom : IDisposable
{
    private readonly RoutingRoom routing;

    public CertificateRoom(string? defaultSecret = null)
    {
        Clock.Advance(TimeProvider.System.GetUtcNow() - Clock.GetUtcNow()); // authorities issue as of now
        Store = new(Clock);
        routing = new(new TranslationOptions { DefaultTlsSecret = defaultSecret is null ? null : new("default", defaultSecret) });
        Apply(Make.IngressClass());
    }

    public ManualClock Clock { get; } = new();

    public TestAuthority Authority { get; } = TestAuthority.Create();

    public CertificateStore Store { get; }

    /// <summary>As <c>check</c> prints them.</summary>
    public IEnumerable<string> Problems => Store.Problems.All.Select(problem => problem.ToString());

    public void Apply(params IEnumerable<IResource> resources)
    {
        routing.Apply(resources);
        Store.Apply(routing.LastChange);
    }

    public void Delete(params IEnumerable<IResource> resources)
    {
        routing.Delete(resources);
        Store.Apply(routing.LastChange);
    }

    /// <summary>The serial number of the certificate for a connection.</summary>
    public string Serial(string serverName, bool takesEcdsa = true) => Find(serverName, takesEcdsa).SerialNumber;

    public X509Certificate2 Find(string serverName, bool takesEcdsa = true) => Store.Find(serverName, takesEcdsa).TargetCertificate;

    /// <summary>An Ingress with a rule for each host, and one entry of <c>spec.tls</c> that names them all.</summary>
    public static Ingress Ingress(string secret, params string[] hosts)
    {
        var withRules = hosts.Aggregate(Make.Ingress($"of-{secret}"), (ingress, host) => ingress.WithRule(host, "Prefix /"));
        return withRules with { Tls = [new(hosts.ToEquatableArray(), secret)] };
    }

    public static Secret Secret(string name, TestCertificate certificate, string? key = null) => Secret(name, certificate.Pem, key ?? certificate.KeyPem);

    public static Secret Secret(string name, string certificates, string key) => new(
        new Metadata("default", name),
        "kubernetes.io/tls",
        new Dictionary<string, EquatableArray<byte>> { ["tls.crt"] = Bytes(certificates), ["tls.key"] = Bytes(key) }.ToEquatableMap());

    public void Dispose() => Authority.Dispose();

    private static EquatableArray<byte> Bytes(string text) => System.Text.Encoding.UTF8.GetBytes(text).ToEquatableArray();
}
