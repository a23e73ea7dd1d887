using IngressController.Certificates.Acme.Protocol;
using IngressController.Testing;

namespace IngressController.Unit.Certificates.Acme;

public sealed class PollingTests
{
    private readonly ManualClock clock = new();
    private readonly List<TimeSpan> asked = [];

    [Fact]
    public async Task Questions_become_seldomer_up_to_each_10_seconds()
    {
        Assert.Equal(9, await PollAsync(question => (question, null), enough: 9, TimeSpan.FromMinutes(5)));
        Assert.Equal([0, 1, 1.5, 2.25, 3.38, 5.06, 7.59, 10, 10], Pauses());
    }

    [Fact]
    public async Task The_authority_says_how_long_to_wait_but_never_less_than_a_second()
    {
        await PollAsync(question => (question, TimeSpan.FromSeconds(question switch { 1 => 30, 2 => 0, _ => 3 })), enough: 4, TimeSpan.FromMinutes(5));
        Assert.Equal([0, 30, 1, 3], Pauses());
    }

    [Fact]
    public async Task Time_is_up_before_a_wait_that_would_be_too_long()
    {
        var failure = await Assert.ThrowsAsync<AcmeException>(() => PollAsync(question => (question, TimeSpan.FromHours(1)), enough: 9, TimeSpan.FromMinutes(5)));
        Assert.Equal("nobody has decided within 300 s", failure.Message);
        Assert.Equal((true, TimeSpan.FromHours(1)), (failure.IsUnavailable, failure.RetryAfter));
        Assert.Single(asked);
    }

    [Fact]
    public async Task An_authority_that_is_away_or_has_too_much_to_do_is_asked_again()
    {
        Assert.Equal(4, await PollAsync(
            question => question switch
            {
                1 => throw new AcmeException("down") { IsUnavailable = true },
                2 => throw new AcmeException("too much") { Problem = new(AcmeProblem.RateLimited, "", 429, null, []), RetryAfter = TimeSpan.FromSeconds(20) },
                _ => (question, null),
            },
            enough: 4,
            TimeSpan.FromMinutes(5)));
        Assert.Equal([0, 1, 20, 2.25], Pauses());
    }

    [Fact]
    public async Task One_that_stays_away_is_told_by_its_last_failure()
    {
        var failure = await Assert.ThrowsAsync<AcmeException>(() => PollAsync(question => throw new AcmeException($"down {question}") { IsUnavailable = true }, enough: 9, TimeSpan.FromSeconds(3)));
        Assert.Equal("down 3", failure.Message);
    }

    [Fact]
    public async Task A_refusal_ends_it()
    {
        var failure = await Assert.ThrowsAsync<AcmeException>(() => PollAsync(_ => throw new AcmeException("no") { Problem = new(AcmeProblem.Unauthorized, "", 403, null, []) }, enough: 9, TimeSpan.FromMinutes(5)));
        Assert.Equal("no", failure.Message);
        Assert.Single(asked);
    }

    /// <param name="answer">To the question of this number, from 1 on; also when the authority wants the next.</param>
    /// <param name="enough">The answer that ends it.</param>
    private async Task<int> PollAsync(Func<int, (int Value, TimeSpan? AskAgain)> answer, int enough, TimeSpan atMost)
    {
        var started = clock.GetUtcNow();
        var polling = new Polling(clock, atMost).UntilAsync(
            _ =>
            {
                asked.Add(clock.GetUtcNow() - started);
                return Task.FromResult(answer(asked.Count));
            },
            value => value == enough,
            "nobody has decided",
            default);
        while (!polling.IsCompleted)
        {
            await Eventually.TrueAsync(() => polling.IsCompleted || clock.Pending > 0, "it waits or is done");
            clock.Advance(TimeSpan.FromTicks(TimeSpan.TicksPerSecond / 32));
        }

        return await polling;
    }

    /// <summary>In seconds.</summary>
    private double[] Pauses() => [.. asked.Zip(asked.Prepend(TimeSpan.Zero), (at, before) => Math.Round((at - before).TotalSeconds, 2))];
}
