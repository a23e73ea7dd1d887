using System.Net;
using IngressController.Testing;
using IngressController.Testing.Acme;

namespace IngressController.EndToEnd.Acme.Running;

/// <summary>Several replicas, one of which leads: each answers for all, and a change of the leader loses nothing and orders nothing twice.</summary>
public sealed class ReplicaTests
{
    [Fact]
    public async Task The_authority_finds_a_replica_that_does_not_lead_and_the_certificate_is_served_by_all()
    {
        await using var cluster = await AcmeCluster.StartAsync();
        var leader = await cluster.RunAsync("pod-a");
        await cluster.LeadsAsync("pod-a");
        var follower = await cluster.RunAsync("pod-b");
        cluster.Ask("shop", "shop.example.com");
        var serial = await cluster.IssuedAsync("shop");
        Assert.Equal(serial, Assert.Single(cluster.Authority.Certificates).Serial);
        foreach (var replica in new[] { leader, follower })
        {
            using var visitor = new Visitor(replica, cluster.Root);
            Assert.Equal(serial, await visitor.ShownAsync("shop.example.com"));
            Assert.Equal(HttpStatusCode.OK, await visitor.AskAsync("shop.example.com"));
        }

        await follower.Program.SaysAsync("/\\.well-known/acme-challenge/"); // in its access log
        Assert.DoesNotContain("/.well-known/acme-challenge/", leader.Program.Output, StringComparison.Ordinal);
    }

    /// <summary>The other steps, and every write, are in CrashTests: there it is not the process that dies.</summary>
    [Fact]
    public async Task A_leader_that_is_killed_in_mid_order_is_followed_by_one_who_ends_that_order()
    {
        AcmeEndpoint[] steps = [AcmeEndpoint.NewAccount, AcmeEndpoint.NewOrder, AcmeEndpoint.Challenge, AcmeEndpoint.Finalize, AcmeEndpoint.Certificate];
        await using var cluster = await AcmeCluster.StartAsync();
        var leader = await cluster.RunAsync("pod-0");
        await cluster.LeadsAsync("pod-0");
        for (var number = 1; number <= steps.Length; number++)
        {
            var (name, host) = ($"shop{number}", $"shop{number}.example.com");
            var next = await cluster.RunAsync($"pod-{number}");
            var pause = Pause.At(cluster.Authority, new(steps[number - 1], IsDone: true));
            cluster.Ask(name, host);
            await pause.BeganAsync();
            await leader.Program.SignalAsync("KILL");
            Assert.Equal(137, await leader.Program.ExitCodeAsync());
            pause.End();
            cluster.DeleteLease();
            var serial = await cluster.IssuedAsync(name);
            Assert.Equal("valid", Assert.Single(cluster.OrdersOf(host)).Status);
            Assert.Equal(serial, Assert.Single(cluster.Authority.Certificates, certificate => certificate.Hosts.Contains(host)).Serial);
            leader = next;
        }

        Assert.Single(cluster.Authority.Accounts);
        using var visitor = new Visitor(leader, cluster.Root);
        await visitor.ShownAsync("shop1.example.com");
    }

    [Fact]
    public async Task An_API_server_that_goes_away_in_mid_order_costs_no_second_order()
    {
        await using var cluster = await AcmeCluster.StartAsync();
        var leader = await cluster.RunAsync("pod-a");
        var pause = Pause.At(cluster.Authority, new(AcmeEndpoint.Finalize, IsDone: true));
        cluster.Ask("shop", "shop.example.com");
        await pause.BeganAsync();
        await cluster.Server.StopListeningAsync();
        pause.End();
        await leader.Program.SaysAsync("The certificate for Secret default/shop waits; it is tried again|is read anew");
        Assert.Equal("", cluster.Serial("shop"));
        await cluster.Server.StartListeningAsync();
        var serial = await cluster.IssuedAsync("shop");
        Assert.Equal(serial, Assert.Single(cluster.Authority.Certificates).Serial);
        Assert.Single(cluster.Authority.Orders);
    }
}
