using IngressController.Cluster;
using IngressController.Kubernetes.Events;
using IngressController.Testing;

namespace IngressController.Unit.Kubernetes.Writing;

/// <summary>What <c>kubectl describe</c> finds.</summary>
public sealed class EventWriterTests : IAsyncLifetime, IDisposable
{
    private readonly CancellationTokenSource term = new();
    private readonly ClusterStore store = new();
    private readonly LogLines<EventWriter> log = new();
    private readonly List<Task> running = [];
    private WritingCluster cluster = null!;

    public async Task InitializeAsync() => cluster = await WritingCluster.StartAsync();

    public async Task DisposeAsync()
    {
        await term.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(running).InTime());
        await cluster.DisposeAsync();
    }

    public void Dispose() => term.Dispose();

    [Fact]
    public async Task A_problem_becomes_an_Event_on_its_object_and_a_cured_one_none()
    {
        var web = cluster.Add("web");
        store.Apply(Make.Changes(web));
        var writer = Lead("pod-a");
        writer.Note([Problem("one")], store.Current);
        await Eventually.TrueAsync(() => cluster.Server.All("Event").Count == 1, "the Event");
        var told = cluster.Server.All("Event")[0];
        Assert.Equal(web.Metadata.Uid, (string?)told["regarding"]!["uid"]);
        Assert.Equal("spec: one", (string?)told["note"]);
        writer.Note([], store.Current);
        writer.Note([Problem("two")], store.Current);
        await Eventually.TrueAsync(() => cluster.Server.All("Event").Count == 2, "the second Event");
        Assert.All(cluster.Server.All("Event"), item => Assert.Null(item["series"]));
    }

    [Fact]
    public async Task The_next_leader_repeats_the_Event_instead_of_making_another()
    {
        store.Apply(Make.Changes(cluster.Add("web")));
        Lead("pod-a").Note([Problem("one")], store.Current);
        await Eventually.TrueAsync(() => cluster.Server.All("Event").Count == 1, "the Event");
        Lead("pod-b").Note([Problem("one")], store.Current);
        await Eventually.TrueAsync(() => (int?)cluster.Server.All("Event")[0]["series"]?["count"] == 2, "the series");
        Assert.Single(cluster.Server.All("Event"));
        Assert.Empty(log.Lines);
    }

    [Fact]
    public async Task A_missing_right_is_said_once()
    {
        store.Apply(Make.Changes(cluster.Add("web")));
        cluster.Server.WithdrawRights();
        Lead("pod-a").Note([Problem("one"), Problem("two")], store.Current);
        await Eventually.TrueAsync(() => cluster.Server.Count("create", "events") == 2, "both tried");
        Assert.Contains("is forbidden", Assert.Single(log.Lines), StringComparison.Ordinal);
    }

    private static Problem Problem(string message) =>
        new(ProblemCode.ServiceNotFound, Severity.Error, new ResourceKey(ResourceKind.Ingress, "shop", "web"), "spec", message);

    private EventWriter Lead(string pod)
    {
        var writer = new EventWriter(cluster.Client, new("yarp.ingress.kubernetes.io/controller", pod), TimeProvider.System, log);
        running.Add(writer.RunAsync(term.Token));
        return writer;
    }
}
