using System.Security.Cryptography.X509Certificates;
using System.Text;
using IngressController.Certificates.Acme;
using IngressController.Certificates.Acme.Issuing;
using IngressController.Testing;

namespace IngressController.EndToEnd.Acme.Issuing;

/// <summary>From the annotation on an Ingress to a certificate in its Secret.</summary>
public sealed class FirstIssueTests
{
    [Fact]
    public async Task An_ingress_that_asks_gets_a_certificate_into_its_secret()
    {
        await using var world = await IssuingWorld.StartAsync();
        world.Apply(IssuingWorld.Ingress("web", "shop.example.com", "www.shop.example.com"));
        var leader = world.Lead();
        await world.IssuedAsync("web");
        var (secret, issued) = ((await world.FindAsync("web"))!, Assert.Single(world.Authority.Certificates));
        Assert.Equal("kubernetes.io/tls", secret.Type);
        Assert.Equal("ingress-controller", secret.Metadata.Labels.GetValueOrDefault("app.kubernetes.io/managed-by"));
        Assert.Equal("ingress/controller", secret.Metadata.Annotations.GetValueOrDefault(AcmeAnnotations.Owner));
        Assert.Equal(issued.Serial, secret.Metadata.Annotations.GetValueOrDefault(AcmeAnnotations.Serial));
        using var pair = X509Certificate2.CreateFromPem(Text("tls.crt"), Text("tls.key"));
        Assert.Equal(pair.NotAfter.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ssZ"), secret.Metadata.Annotations.GetValueOrDefault(AcmeAnnotations.Expiry));
        Assert.Equal(["shop.example.com", "www.shop.example.com"], issued.Hosts.Order());
        await Eventually.TrueAsync(() => leader.Issuing.Statuses is [{ Stage: AcmeStage.Issued, NextRenewal: not null }], "the status is issued");
        Assert.Empty(leader.Issuing.Problems);
        await leader.Readings.IsAsync("ingress.acme.orders main issued", 1);
        await leader.Readings.IsAsync("ingress.acme.certificates issued", 1);

        string Text(string key) => Encoding.UTF8.GetString(secret.Data.GetValueOrDefault(key).AsSpan());
    }
}
