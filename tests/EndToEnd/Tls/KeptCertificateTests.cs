using System.Text;
using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Kubernetes.Manifests;
using IngressController.Testing;
using IngressController.Testing.Tls;

namespace IngressController.EndToEnd.Tls;

/// <summary>What stands in <c>--state-dir</c>, as the real program serves it.</summary>
public sealed class KeptCertificateTests
{
    [Fact]
    public async Task A_certificate_that_is_kept_is_served_and_its_renewal_after_it_and_after_the_next_start()
    {
        using var kept = new TemporaryDirectory();
        await using var world = await TlsWorld.StartAsync(
            world => world.Write("shop", TlsWorld.Ingress("shop", "kept.test", "{ hosts: [kept.test], secretName: kept }")), "--state-dir", kept.File("state"));
        using var state = new StateDirectory(kept.File("state")); // nobody obtains certificates, so it is free
        var (first, renewed) = (world.Authority.Server("kept.test"), world.Authority.Server("kept.test"));

        var version = await state.WriteAsync(Secret(first), null, default);
        await Eventually.TrueAsync(async () => await world.SerialAsync("kept.test") == first.Serial, "the first certificate");
        Assert.NotNull(await state.WriteAsync(Secret(renewed), version, default));
        await Eventually.TrueAsync(async () => await world.SerialAsync("kept.test") == renewed.Serial, "the renewed certificate");

        await using var next = await TlsWorld.StartAsync(
            world => world.Write("shop", TlsWorld.Ingress("shop", "kept.test", "{ hosts: [kept.test], secretName: kept }")), "--state-dir", kept.File("state"));
        Assert.Equal(renewed.Serial, await next.SerialAsync("kept.test"));
    }

    private static Secret Secret(TestCertificate certificate) => new(
        new Metadata("default", "kept"),
        "kubernetes.io/tls",
        new Dictionary<string, string> { ["tls.crt"] = certificate.Pem, ["tls.key"] = certificate.KeyPem }
            .Select(entry => KeyValuePair.Create(entry.Key, EquatableArray.Create<byte>(Encoding.UTF8.GetBytes(entry.Value)))).ToEquatableMap());
}
