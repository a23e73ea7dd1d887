using System.Globalization;
using IngressController.Kubernetes.Leadership;
using IngressController.Kubernetes.Wire;
using IngressController.Testing;

namespace IngressController.Unit.Kubernetes.Writing;

/// <summary>Who may take the lease, and when, on a clock that only the test moves.</summary>
public sealed class CandidacyTests
{
    private readonly ManualClock clock = new();
    private readonly Candidacy a;
    private readonly Candidacy b;

    public CandidacyTests() => (a, b) = (Candidate("a", clock), Candidate("b", clock));

    [Fact]
    public void The_first_takes_a_lease_that_is_not_there()
    {
        Assert.True(a.MayTake);
        var bid = a.Bid();
        Assert.Equal(("a", 15, 0), (bid.Spec.HolderIdentity, bid.Spec.LeaseDurationSeconds, bid.Spec.LeaseTransitions));
        Assert.Equal("2026-01-01T00:00:00.000000Z", bid.Spec.RenewTime);
        Assert.False(a.IsLeader); // not before the API server has said so
        a.Wrote(bid, clock.GetTimestamp());
        Assert.True(a.IsLeader);
    }

    [Fact]
    public void The_other_waits_for_the_whole_duration_after_a_crash()
    {
        b.Read(Take(a));
        clock.Advance(TimeSpan.FromSeconds(14.9));
        Assert.False(b.MayTake);
        clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.True(b.MayTake);
        var bid = b.Bid();
        Assert.Equal(("b", 1), (bid.Spec.HolderIdentity, bid.Spec.LeaseTransitions));
    }

    [Fact]
    public void Every_renewal_begins_the_wait_anew_and_keeps_the_time_of_acquisition()
    {
        var first = Take(a);
        b.Read(first);
        for (var seconds = 0; seconds < 60; seconds += 10)
        {
            clock.Advance(TimeSpan.FromSeconds(10));
            var renewed = Take(a);
            Assert.Equal((first.Spec.AcquireTime, 0), (renewed.Spec.AcquireTime, renewed.Spec.LeaseTransitions));
            b.Read(renewed);
            Assert.False(b.MayTake);
        }
    }

    [Fact]
    public void Reading_an_unchanged_lease_does_not_begin_the_wait_anew()
    {
        var lease = Take(a);
        b.Read(lease);
        clock.Advance(TimeSpan.FromSeconds(8));
        b.Read(lease with { Metadata = lease.Metadata with { ResourceVersion = "99" } }); // somebody has put a label on it
        clock.Advance(TimeSpan.FromSeconds(7));
        Assert.True(b.MayTake);
    }

    [Theory]
    [InlineData(-3600)]
    [InlineData(3600)]
    public void Clocks_that_differ_by_an_hour_do_not_matter(int seconds)
    {
        var skewed = new ManualClock();
        skewed.Advance(TimeSpan.FromDays(1) + TimeSpan.FromSeconds(seconds));
        clock.Advance(TimeSpan.FromDays(1));
        var other = Candidate("skewed", skewed);
        other.Read(Take(a));
        Assert.False(other.MayTake);
        skewed.Advance(TimeSpan.FromSeconds(15));
        Assert.True(other.MayTake);
    }

    [Fact]
    public void A_lease_that_was_given_up_is_taken_at_once()
    {
        Take(a);
        var released = a.Release();
        Assert.Equal(("", 1), (released.Spec.HolderIdentity, released.Spec.LeaseDurationSeconds));
        b.Read(released);
        Assert.True(b.MayTake);
        a.Wrote(released, clock.GetTimestamp());
        Assert.False(a.IsLeader);
    }

    [Fact]
    public void The_deadline_counts_from_when_the_renewal_was_sent()
    {
        var sentAt = clock.GetTimestamp();
        var bid = a.Bid();
        clock.Advance(TimeSpan.FromSeconds(4)); // on its way
        a.Wrote(bid, sentAt);
        Assert.Equal(TimeSpan.FromSeconds(6), a.TimeLeft);
    }

    [Fact]
    public void The_leader_has_stopped_before_another_may_begin()
    {
        b.Read(Take(a));
        clock.Advance(TimeSpan.FromSeconds(10.001));
        Assert.Equal(TimeSpan.Zero, a.TimeLeft); // -1 ms would be for ever
        Assert.False(b.MayTake);
    }

    [Fact]
    public void A_leader_that_reads_the_name_of_another_leads_no_longer()
    {
        Take(a);
        a.Read(new() { Spec = new() { HolderIdentity = "b", LeaseDurationSeconds = 15 } });
        Assert.False(a.IsLeader);
        Assert.False(a.MayTake);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_lease_without_a_duration_lasts_as_long_as_ours(int? duration)
    {
        b.Read(new() { Spec = new() { HolderIdentity = "a", LeaseDurationSeconds = duration } });
        Assert.False(b.MayTake);
        clock.Advance(TimeSpan.FromSeconds(15));
        Assert.True(b.MayTake);
    }

    [Fact]
    public void Fields_that_mean_nothing_here_survive_a_write()
    {
        const string text = """{"metadata":{"name":"l","namespace":"n","resourceVersion":"7","labels":{"x":"y"}},"spec":{"holderIdentity":"","strategy":"OldestEmulationVersion"}}""";
        a.Read(System.Text.Json.JsonSerializer.Deserialize(text, WritingContext.Default.Lease)!);
        var written = System.Text.Json.JsonSerializer.Serialize(a.Bid(), WritingContext.Default.Lease);
        Assert.Contains("\"labels\":{\"x\":\"y\"}", written, StringComparison.Ordinal);
        Assert.Contains("\"strategy\":\"OldestEmulationVersion\"", written, StringComparison.Ordinal);
        Assert.Contains("\"resourceVersion\":\"7\"", written, StringComparison.Ordinal);
    }

    private static Candidacy Candidate(string identity, ManualClock clock) => new(new(new("ingress", "leader"), identity), clock);

    /// <summary>Takes or renews, accepted by the API server.</summary>
    private Lease Take(Candidacy candidate)
    {
        var lease = candidate.Bid();
        var version = clock.GetTimestamp().ToString(CultureInfo.InvariantCulture);
        var stored = lease with { Metadata = lease.Metadata with { ResourceVersion = version } };
        candidate.Wrote(stored, clock.GetTimestamp());
        return stored;
    }
}
