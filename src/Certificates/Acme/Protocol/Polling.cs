namespace IngressController.Certificates.Acme.Protocol;

/// <summary>Asks an authority until it has decided.</summary>
/// <param name="atMost">From the first question on.</param>
internal sealed class Polling(TimeProvider time, TimeSpan atMost)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    private readonly long started = time.GetTimestamp();

    /// <summary>An authority that is not there for a while has not decided either.</summary>
    /// <param name="ask">What it says, and when it wants to be asked again.</param>
    /// <param name="undecided">For people, where time is up.</param>
    public async Task<T> UntilAsync<T>(Func<CancellationToken, Task<(T Value, TimeSpan? AskAgain)>> ask, Func<T, bool> isEnough, string undecided, CancellationToken cancellationToken)
    {
        for (var pause = FirstPause; ; pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 3 / 2, LongestPause.Ticks)))
        {
            TimeSpan? askAgain;
            AcmeException? failure = null;
            try
            {
                (var value, askAgain) = await ask(cancellationToken);
                if (isEnough(value))
                {
                    return value;
                }
            }
            catch (AcmeException e) when (e.IsUnavailable || e.Is(AcmeProblem.RateLimited))
            {
                (failure, askAgain) = (e, e.RetryAfter);
            }

            var wait = askAgain is { } asked && asked > FirstPause ? asked : askAgain is null ? pause : FirstPause;
            if (time.GetElapsedTime(started) + wait > atMost)
            {
                throw failure ?? new AcmeException($"{undecided} within {atMost.TotalSeconds:0} s") { IsUnavailable = true, RetryAfter = askAgain };
            }

            await Task.Delay(wait, time, cancellationToken);
        }
    }
}
