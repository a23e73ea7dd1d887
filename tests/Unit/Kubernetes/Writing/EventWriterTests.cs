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
    public async Task Each_next_leader_repeats_the_Event_instead_of_making_another()
    {
        store.Apply(Make.Changes(cluster.Add("web")));
        Lead("pod-a").Note([Problem("one")], store.Current);
        await Eventually.TrueAsync(() => cluster.Server.All("Event").Count == 1, "the Event");
        Lead("pod-b").Note([Problem("one")], store.Current);
        await Eventually.TrueAsync(() => (int?)cluster.Server.All("Event")[0]["series"]?["count"] == 2, "the series");
        Lead("pod-c").Note([Problem("one")], store.Current);
        await Eventually.TrueAsync(() => (int?)cluster.Server.All("Event")[0]["series"]!["count"] == 3, "the series goes on");
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

    [Fact]
    public async Task A_namespace_that_is_going_takes_no_Events_and_that_is_no_failure()
    {
        store.Apply(Make.Changes(cluster.Add("web"), Class));
        cluster.Server.Delete("Namespace", "", "shop");
        Lead("pod-a").Note([Problem("one"), Problem("on the class") with { Object = Class.Key }], store.Current);
        await Eventually.TrueAsync(() => cluster.Server.All("Event").Count == 1, "the Event of another namespace");
        Assert.Equal(2, cluster.Server.Count("create", "events"));
        Assert.Empty(log.Lines);
    }

    [Fact]
    public async Task The_Event_of_a_cluster_scoped_object_is_in_the_namespace_default()
    {
        store.Apply(Make.Changes(Class)); // and nobody has told us its uid
        Lead("pod-a").Note([Problem("one") with { Object = Class.Key }], store.Current);
        await Eventually.TrueAsync(() => cluster.Server.All("Event").Count == 1, "the Event");
        var told = cluster.Server.All("Event")[0];
        Assert.Equal(("default", "yarp"), ((string?)told["metadata"]!["namespace"], (string?)told["regarding"]!["name"]));
        Assert.Equal((null, null), ((string?)told["regarding"]!["namespace"], (string?)told["regarding"]!["uid"]));
    }

    [Fact]
    public async Task Ten_thousand_problems_are_told_at_ten_a_second_and_no_more_once_they_are_cured()
    {
        var clock = new ManualClock();
        cluster.Server.Apply("apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}");
        var ingresses = Enumerable.Range(0, 10_000).Select(number => Make.Ingress($"shop/web-{number}")).ToList();
        store.Apply(Make.Changes(ingresses));
        var writer = Lead("pod-a", clock);
        clock.Advance(TimeSpan.FromMinutes(1)); // it has rested
        writer.Note([.. ingresses.Select(ingress => Problem("one") with { Object = ingress.Key })], store.Current);
        await CreatedAsync(50); // at once
        clock.Advance(TimeSpan.FromSeconds(2));
        await CreatedAsync(70);
        writer.Note([], store.Current);
        clock.Advance(TimeSpan.FromMinutes(1));
        Lead("pod-a", clock).Note([Problem("last") with { Object = ingresses[0].Key }], store.Current);
        await CreatedAsync(71);

        Task CreatedAsync(int count) => Eventually.TrueAsync(() => cluster.Server.Count("create", "events") == count && clock.Pending >= 1, $"{count} Events");
    }

    private static IngressController.Cluster.Resources.IngressClass Class { get; } = Make.IngressClass();

    private static Problem Problem(string message) =>
        new(ProblemCode.ServiceNotFound, Severity.Error, new ResourceKey(ResourceKind.Ingress, "shop", "web"), "spec", message);

    private EventWriter Lead(string pod, TimeProvider? time = null)
    {
        var writer = new EventWriter(cluster.Client, new("yarp.ingress.kubernetes.io/controller", pod), time ?? TimeProvider.System, log);
        running.Add(writer.RunAsync(term.Token));
        return writer;
    }
}
