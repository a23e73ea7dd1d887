using System.Text;
using System.Text.Json;
using IngressController.Cluster;
using IngressController.Kubernetes.Events;
using IngressController.Kubernetes.Wire;
using IngressController.Testing;

namespace IngressController.Unit.Kubernetes.Writing;

/// <summary>Problems as Events, and when they are told.</summary>
public sealed class ProblemEventTests
{
    private static readonly ResourceKey Web = new(ResourceKind.Ingress, "shop", "web");
    private static readonly Problem NoService = new(ProblemCode.ServiceNotFound, Severity.Error, Web, "spec.rules[0]", "there is no Service shop/none", "Create it");
    private readonly ManualClock clock = new();
    private readonly ClusterStore store = new();
    private readonly EventBook book;

    public ProblemEventTests()
    {
        book = new(clock);
        var ingress = Make.Ingress("shop/web");
        store.Apply(Make.Changes(ingress with { Metadata = ingress.Metadata with { Uid = "u-1" } }, Make.IngressClass()));
    }

    [Fact]
    public void An_Event_says_everything_that_the_API_wants_to_know()
    {
        var told = ProblemEvent.Of(NoService, store.Current)!;
        var json = JsonSerializer.SerializeToElement(told.ToEvent(new("example.com/controller", "pod-a"), clock.GetUtcNow()), WritingContext.Default.Event);
        Assert.Equal(
            """
            {"apiVersion":"events.k8s.io/v1","kind":"Event","metadata":{"name":"NAME","namespace":"shop"},"eventTime":"2026-01-01T00:00:00.000000Z",
            "reportingController":"example.com/controller","reportingInstance":"pod-a","action":"Translate","reason":"ServiceNotFound",
            "regarding":{"apiVersion":"networking.k8s.io/v1","kind":"Ingress","namespace":"shop","name":"web","uid":"u-1"},
            "note":"spec.rules[0]: there is no Service shop/none. Create it","type":"Warning"}
            """.Replace("\n", "", StringComparison.Ordinal).Replace("NAME", told.Name(), StringComparison.Ordinal),
            json.GetRawText());
        Assert.Matches("^web\\.[0-9a-f]{16}$", told.Name());
    }

    [Theory]
    [InlineData("x", 2000)]
    [InlineData("ü", 600)]
    [InlineData("\U0001F600", 300)]
    public void A_long_note_is_cut_between_two_characters_at_1024_bytes(string letter, int count)
    {
        var problem = NoService with { Message = string.Concat(Enumerable.Repeat(letter, count)) };
        var note = ProblemEvent.Of(problem, store.Current)!.Note;
        Assert.InRange(Encoding.UTF8.GetByteCount(note), 1021, 1024);
        Assert.EndsWith($"{letter}...", note, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cluster_scoped_object_has_its_Events_in_default()
    {
        var problem = NoService with { Object = new(ResourceKind.IngressClass, "", "yarp") };
        var told = ProblemEvent.Of(problem, store.Current)!;
        Assert.Equal(("default", null), (told.Namespace, told.Regarding.Namespace));
    }

    [Fact]
    public void Nothing_is_said_about_what_is_not_there()
    {
        Assert.Null(ProblemEvent.Of(NoService with { Object = null }, store.Current));
        Assert.Null(ProblemEvent.Of(NoService with { Object = new(ResourceKind.Ingress, "shop", "gone") }, store.Current));
    }

    [Fact]
    public void Names_are_stable_short_enough_and_differ_by_what_is_said()
    {
        var one = ProblemEvent.Of(NoService, store.Current)!;
        Assert.Equal(one.Name(), ProblemEvent.Of(NoService with { Line = 3 }, store.Current)!.Name());
        Assert.NotEqual(one.Name(), ProblemEvent.Of(NoService with { Message = "other" }, store.Current)!.Name());
        var longest = one with { Regarding = one.Regarding with { Name = new string('a', 253) } };
        Assert.Equal(253, longest.Name().Length);
    }

    [Fact]
    public void A_standing_problem_is_told_once_and_again_before_its_Event_expires()
    {
        var told = Assert.Single(Due(NoService));
        book.Told(told, 1);
        Assert.Empty(Due(NoService));
        clock.Advance(TimeSpan.FromMinutes(29));
        Assert.Empty(Due(NoService));
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal([told], Due(NoService));
        Assert.Equal(1, book.Count(told));
    }

    [Fact]
    public void A_problem_that_comes_and_goes_is_not_told_each_time()
    {
        book.Told(Assert.Single(Due(NoService)), 1);
        for (var minute = 1; minute < 5; minute++)
        {
            clock.Advance(TimeSpan.FromMinutes(1));
            Assert.Empty(Due());
            Assert.Empty(Due(NoService));
        }

        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Single(Due(NoService));
    }

    [Fact]
    public void A_problem_that_is_gone_is_forgotten()
    {
        var told = Assert.Single(Due(NoService));
        book.Told(told, 3);
        clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Empty(Due());
        Assert.Equal(0, book.Count(told));
    }

    [Fact]
    public void A_thousand_problems_of_one_object_are_twenty_Events() =>
        Assert.Equal(20, Due([.. Enumerable.Range(0, 1000).Select(number => NoService with { Message = $"path {number}" })]).Count);

    private IReadOnlyList<ProblemEvent> Due(params Problem[] problems)
    {
        book.Note(problems, store.Current);
        return book.Due().Due;
    }
}
