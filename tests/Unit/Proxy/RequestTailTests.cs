using System.Net;
using IngressController.Proxy.Observing;

namespace IngressController.Unit.Proxy;

public sealed class RequestTailTests
{
    private const int MoreThanWait = 3000;

    private readonly RequestTail tail = new();

    [Fact]
    public void What_is_not_wanted_pushes_nothing_out()
    {
        using var watch = tail.Watch(static (in record) => record.Status >= 500);
        Offer(500);
        for (var request = 0; request < MoreThanWait; request++)
        {
            Offer(200);
        }

        Assert.True(watch.Records.TryRead(out var told));
        Assert.Equal(500, told.Status);
        Assert.False(watch.Records.TryRead(out _));
        Assert.Equal(0, watch.TakeMissed());
    }

    [Fact]
    public void Of_what_is_wanted_the_newest_stay_and_the_others_are_counted_once()
    {
        using var watch = tail.Watch(static (in _) => true);
        for (var request = 0; request < MoreThanWait; request++)
        {
            Offer(request);
        }

        var told = new List<int>();
        while (watch.Records.TryRead(out var record))
        {
            told.Add(record.Status);
        }

        Assert.Equal(MoreThanWait - 1, told[^1]);
        Assert.Equal((MoreThanWait - told.Count, 0), (watch.TakeMissed(), watch.TakeMissed()));
    }

    private void Offer(int status) => tail.Offer(new() { Time = DateTimeOffset.UnixEpoch, Client = IPAddress.Loopback, Status = status });
}
