namespace IngressController.Testing;

/// <summary>The system's time, ahead of it or behind. What waits, waits as long as ever: so do clocks that somebody sets.</summary>
public sealed class ShiftedClock : TimeProvider
{
    private long shift;

    public TimeSpan Shift
    {
        get => TimeSpan.FromTicks(Volatile.Read(ref shift));
        set => Volatile.Write(ref shift, value.Ticks);
    }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Shift;
}
