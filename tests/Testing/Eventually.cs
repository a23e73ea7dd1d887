namespace IngressController.Testing;

/// <summary>Waits for what comes by itself, up to a deadline that no healthy run reaches.</summary>
public static class Eventually
{
    /// <summary>Longer than a Lease that nobody gave up stands (15 s and a retry), on a machine with much to do.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(5);

    /// <exception cref="TimeoutException">It did not come true; <paramref name="what"/> says what.</exception>
    public static Task TrueAsync(Func<bool> condition, string what) => TrueAsync(() => Task.FromResult(condition()), what);

    /// <inheritdoc cref="TrueAsync(Func{bool}, string)"/>
    public static async Task TrueAsync(Func<Task<bool>> condition, string what)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > Deadline)
            {
                throw new TimeoutException($"Not within {Deadline}: {what}");
            }

            await Task.Delay(Interval, TimeProvider.System);
        }
    }

    /// <summary>The task's result, or a failure instead of a test run that hangs.</summary>
    public static Task<T> InTime<T>(this Task<T> task) => task.WaitAsync(Deadline, TimeProvider.System);

    public static Task InTime(this Task task) => task.WaitAsync(Deadline, TimeProvider.System);
}
