using IngressController.Proxy.Observing.Traffic;

namespace IngressController.Unit.Proxy.Traffic;

public sealed class DurationBucketTests
{
    [Fact]
    public void A_duration_is_told_wrong_by_at_most_an_eighth()
    {
        for (var milliseconds = 0.2; milliseconds < 107_000; milliseconds *= 1.003)
        {
            var told = DurationBuckets.Middle(DurationBuckets.Of(TimeSpan.FromMilliseconds(milliseconds)));
            Assert.True(Math.Abs(told - milliseconds) <= (milliseconds / 8) + 0.0001, $"{milliseconds} ms is told as {told} ms");
        }
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(0, 0)]
    [InlineData(511, 0)]
    [InlineData(512, 1)]
    [InlineData(4 * 512, 4)]
    [InlineData(8 * 512, 8)]
    [InlineData(long.MaxValue, DurationBuckets.Count - 1)]
    public void Every_duration_has_its_bucket(long ticks, int bucket) => Assert.Equal(bucket, DurationBuckets.Of(new(ticks)));

    [Fact]
    public void Buckets_are_in_order()
    {
        var middles = Enumerable.Range(0, DurationBuckets.Count).Select(DurationBuckets.Middle).ToList();
        Assert.Equal(middles.Order(), middles);
        Assert.All(Enumerable.Range(0, DurationBuckets.Count), bucket => Assert.Equal(bucket, DurationBuckets.Of(TimeSpan.FromMilliseconds(DurationBuckets.Middle(bucket)))));
    }
}
