using System.Threading.Channels;
using IngressController.Cluster;
using IngressController.Kubernetes.Api;
using IngressController.Kubernetes.Watching;
using IngressController.Testing;
using IngressController.Testing.ApiServer;
using Microsoft.Extensions.Logging.Abstractions;

namespace IngressController.EndToEnd.Cluster;

/// <summary>A bug ends the reading of a cluster, and the control loop starts it again.</summary>
public sealed class RestartTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly CancellationTokenSource stop = new();

    public void Dispose()
    {
        stop.Dispose();
        directory.Dispose();
    }

    [Fact]
    public async Task What_went_while_nothing_was_read_is_told_as_gone()
    {
        await using var server = await FakeApiServer.StartAsync();
        server.Apply(ReadCluster.Ingress("a") + ReadCluster.Ingress("b") + "{apiVersion: v1, kind: Secret, metadata: {name: s}, type: Opaque}\n---\n" + Referring);
        directory.Write("config", server.Kubeconfig());
        using var client = new ApiClient(ApiConnection.FromKubeconfig([directory.File("config")]), TimeProvider.System, NullLogger<ApiClient>.Instance);
        var source = new ClusterSource(client, new(), TimeProvider.System, NullLogger<ClusterSource>.Instance);
        var store = new ClusterStore();
        var broken = new BreakingWriter(store);
        var first = source.RunAsync(broken, stop.Token);
        await Eventually.TrueAsync(() => broken.IsSynced && server.OpenStreams == 8, "everything is watched");
        Assert.Single(store.Current.Secrets);
        broken.Breaks = true;
        server.Apply(ReadCluster.Ingress("c"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => first.InTime());

        server.Delete("Ingress", "default", "a");
        server.Delete("Ingress", "default", "refers");
        server.Apply(ReadCluster.Ingress("d"));
        broken.Breaks = false;
        var second = source.RunAsync(broken, stop.Token);
        await Eventually.TrueAsync(
            () => string.Join(' ', store.Current.Ingresses.Keys.Order()) == "default/b default/c default/d" && store.Current.Secrets.IsEmpty, "what is there now, and nothing else");
        await stop.CancelAsync();
        await second;
    }

    private const string Referring =
        "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: refers, annotations: {to: s}}, spec: {defaultBackend: {service: {name: web, port: {number: 80}}}}}";

    /// <summary>A control loop in one line, which fails at the test's word.</summary>
    private sealed class BreakingWriter(ClusterStore store) : ChannelWriter<SourceUpdate>
    {
        public bool Breaks { get; set; }

        public bool IsSynced { get; private set; }

        public override bool TryWrite(SourceUpdate item)
        {
            if (Breaks)
            {
                throw new InvalidOperationException("a bug");
            }

            store.Apply(item.Changes);
            IsSynced = item.IsSynced;
            return true;
        }

        public override ValueTask<bool> WaitToWriteAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult(true);
    }
}
