using System.Globalization;
using IngressController.Proxy.AccessLog;

namespace IngressController.Unit.Proxy.AccessLog;

public sealed class FilterTests
{
    [Theory]
    [InlineData("/healthz", false)]
    [InlineData("/healthz?verbose", false)]
    [InlineData("/healthz/live", false)]
    [InlineData("/static/", false)]
    [InlineData("/static/a.css", false)]
    [InlineData("/healthzz", true)]
    [InlineData("/a/healthz", true)]
    [InlineData("/static", true)]
    [InlineData("/?/healthz", true)]
    [InlineData("/healthz/../admin", true)]
    [InlineData("/healthz/%2e%2e/admin", true)]
    [InlineData("/healthz/..", true)]
    [InlineData("/healthz//admin", true)]
    [InlineData("/healthz/\\..\\admin", true)]
    [InlineData("", true)]
    public void A_skipped_path_is_skipped_with_those_below_it(string path, bool taken)
    {
        var filter = new AccessLogFilter { SkippedPaths = ["/healthz", "/static/"] };
        Assert.Equal(taken, filter.Takes(Logged.Usual with { Path = path, Status = 500 }));
    }

    [Theory]
    [InlineData(399, false)]
    [InlineData(400, true)]
    [InlineData(499, true)]
    [InlineData(500, false)]
    [InlineData(503, true)]
    public void Statuses_can_be_chosen(int status, bool taken)
    {
        Assert.True(StatusRange.TryParse("4xx", out var clientErrors));
        Assert.True(StatusRange.TryParse("503", out var unavailable));
        Assert.Equal(taken, new AccessLogFilter { Statuses = [clientErrors, unavailable] }.Takes(Logged.Usual with { Status = status }));
    }

    [Theory]
    [InlineData("6xx")]
    [InlineData("0xx")]
    [InlineData("4XX")]
    [InlineData("99")]
    [InlineData("600")]
    [InlineData("0404")]
    [InlineData("-404")]
    [InlineData("")]
    public void What_is_no_status_is_refused(string text) => Assert.False(StatusRange.TryParse(text, out _));

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.9)]
    public void A_sample_is_the_part_that_it_says_and_the_same_each_time(double ratio)
    {
        var (one, other) = (new AccessLogFilter { Sample = ratio }, new AccessLogFilter { Sample = ratio });
        var ids = Enumerable.Range(0, 20_000).Select(number => number.ToString("x", CultureInfo.InvariantCulture)).ToList();
        var taken = ids.Where(id => one.Takes(Logged.Usual with { RequestId = id })).ToList();
        Assert.InRange(taken.Count, 20_000 * (ratio - 0.02), 20_000 * (ratio + 0.02));
        Assert.Equal(taken, ids.Where(id => other.Takes(Logged.Usual with { RequestId = id, Status = 404, Path = "/other" })));
    }

    [Fact]
    public void What_has_no_id_is_sampled_too()
    {
        var filter = new AccessLogFilter { Sample = 0.5 };
        var taken = Enumerable.Range(0, 20_000).Count(number => filter.Takes(Logged.Passed with { Time = DateTimeOffset.UnixEpoch.AddMicroseconds(number) }));
        Assert.InRange(taken, 9_600, 10_400);
    }

    [Fact]
    public void Errors_of_the_server_are_in_every_sample()
    {
        var nothing = new AccessLogFilter { Sample = 0 };
        Assert.False(nothing.Takes(Logged.Usual with { Status = 499 }));
        Assert.True(nothing.Takes(Logged.Usual with { Status = 500 }));
    }
}
