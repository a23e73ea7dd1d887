using System.Globalization;
using IngressController.Testing;
using IngressController.Testing.ApiServer;
using IngressController.Testing.Scale;

namespace IngressController.EndToEnd.Cluster;

/// <summary>The whole program over a cluster of the size that it is made for.</summary>
public sealed class ScaleTests
{
    [Fact]
    public async Task Ten_thousand_Ingresses_with_fifty_thousand_endpoints_fit_into_300_MB_and_stay_there()
    {
        using var directory = new TemporaryDirectory();
        await using var server = await FakeApiServer.StartAsync(tls: true);
        var cluster = new BigCluster(server, ClusterSize.Big);
        cluster.Create();
        directory.Write("config", server.Kubeconfig());
        await using var program = RunningProgram.Start(
            ControllerProcess.File, ["run", "--kubeconfig", directory.File("config"), "--bind-address", "127.0.0.1", "--http-port", "0", "--https-port", "0", "--admin-port", "0"]);
        await program.SaysAsync("Listening");
        await Eventually.TrueAsync(() => server.Count("watch", "ingresses") > 0, "all Ingresses have been listed");
        await program.SaysAsync("is ready");
        AssertFits(program);

        for (var change = 0; change < 1_000; change++)
        {
            cluster.ChangeEndpoint(change);
        }

        AssertFits(program);
    }

    private static void AssertFits(RunningProgram program)
    {
        var memory = ResidentMemory.Of(program.Id);
        Assert.True(memory.Peak < ClusterSize.MostMemory, string.Create(CultureInfo.InvariantCulture, $"{memory.Now:0} MB are resident, at most it was {memory.Peak:0} MB"));
    }
}
