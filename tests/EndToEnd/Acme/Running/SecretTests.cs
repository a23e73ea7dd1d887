using IngressController.Certificates.Acme;
using IngressController.Testing;
using IngressController.Testing.Acme;
using IngressController.Testing.Tls;

namespace IngressController.EndToEnd.Acme.Running;

/// <summary>What others do to Secrets and Ingresses of a cluster while certificates are obtained for them.</summary>
public sealed class SecretTests
{
    [Fact]
    public async Task A_Secret_that_somebody_else_made_is_never_written_over()
    {
        await using var cluster = await AcmeCluster.StartAsync();
        using var others = TestAuthority.Create();
        cluster.Server.Apply(others.Server("before.example.com").Secret("before"));
        cluster.Ask("before", "before.example.com");
        await cluster.RunAsync("pod-a");
        await cluster.ToldAsync("before", AcmeAnnotations.TakeOver);

        var pause = Pause.At(cluster.Authority, new(AcmeEndpoint.Certificate, IsDone: false));
        cluster.Ask("meanwhile", "meanwhile.example.com");
        await pause.BeganAsync();
        cluster.Server.Apply(others.Server("meanwhile.example.com").Secret("meanwhile"));
        pause.End();
        await cluster.ToldAsync("meanwhile", AcmeAnnotations.TakeOver);
        cluster.Ask("free", "free.example.com");
        await cluster.IssuedAsync("free");
        foreach (var name in new[] { "before", "meanwhile" })
        {
            Assert.Equal("", cluster.Serial(name));
            Assert.DoesNotContain(cluster.Server.Requests, request => request.Verb is "update" or "patch" or "delete" && request.Resource == "secrets" && request.Name == name);
        }

        Assert.Empty(cluster.OrdersOf("before.example.com"));
        Assert.Single(cluster.OrdersOf("meanwhile.example.com"));
    }

    [Fact]
    public async Task A_Secret_that_is_deleted_is_issued_anew()
    {
        await using var cluster = await AcmeCluster.StartAsync();
        var replica = await cluster.RunAsync("pod-a");
        cluster.Ask("shop", "shop.example.com");
        var first = await cluster.IssuedAsync("shop");
        using var visitor = new Visitor(replica, cluster.Root);
        await visitor.ShownAsync("shop.example.com");
        cluster.Server.Delete("Secret", "default", "shop");
        var second = await cluster.IssuedAsync("shop", first);
        Assert.Equal(second, await visitor.ShownAsync("shop.example.com", first));
        Assert.Equal(2, cluster.OrdersOf("shop.example.com").Count);
    }

    [Fact]
    public async Task An_order_whose_Ingress_is_deleted_is_forgotten()
    {
        await using var cluster = await AcmeCluster.StartAsync();
        var replica = await cluster.RunAsync("pod-a");
        var pause = Pause.At(cluster.Authority, new(AcmeEndpoint.Authorization, IsDone: true));
        cluster.Ask("gone", "gone.example.com");
        await pause.BeganAsync();
        Assert.Single(cluster.Pending);
        cluster.Server.Delete("Ingress", "default", "gone");
        await Eventually.TrueAsync(() => cluster.Pending.Count == 0, "the order is forgotten");
        pause.End();
        cluster.Ask("stays", "stays.example.com");
        await cluster.IssuedAsync("stays");
        Assert.Null(cluster.Secret("gone"));
        Assert.Equal("stays.example.com", Assert.Single(Assert.Single(cluster.Authority.Certificates).Hosts));
        Assert.DoesNotContain("bug", replica.Program.Output + replica.Program.Errors, StringComparison.Ordinal);
    }
}
