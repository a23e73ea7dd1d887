using System.Text;
using IngressController.Proxy;
using IngressController.Proxy.AccessLog;
using Microsoft.Extensions.Options;

namespace IngressController.Unit.Proxy.AccessLog;

/// <summary>Clients may send long texts, and outputs may take nothing: neither costs more than so much memory.</summary>
public sealed class LongTextTests
{
    private const int TenMegabytes = 10 * 1024 * 1024;

    [Theory]
    [InlineData("console")]
    [InlineData("json")]
    [InlineData("nginx")]
    public void A_line_has_so_much_of_a_text_and_no_more(string name)
    {
        Assert.Null(AccessLogFormat.Read(name, (_, _) => "", out var format));
        var text = new string('"', TenMegabytes);
        var line = Logged.As(format, Logged.Usual with { Path = "/" + text, Target = "/" + text, Host = text, UserAgent = text, Referer = text, RequestId = text });
        Assert.Contains("\"...", line.Replace("\\x22", "\"", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.InRange(line.Length, LineBuffer.LongestText, 6 * 4 * LineBuffer.LongestText + 1000);
    }

    [Fact]
    public void A_text_that_just_fits_is_whole()
    {
        var text = new string('a', LineBuffer.LongestText);
        Assert.Equal(text, Logged.As("$http_user_agent", Logged.Usual with { UserAgent = text }));
        Assert.Equal(text + "...", Logged.As("$http_user_agent", Logged.Usual with { UserAgent = text + "b" }));
    }

    [Fact]
    public void So_many_bytes_of_lines_wait_and_further_lines_are_dropped_and_counted()
    {
        var one = Logged.As(AccessLogFormat.Console, Logged.Usual).Length + 1;
        var queue = Queue(new() { AccessLogBacklog = (3 * one) + 10 });
        var empty = new LineBuffer(TimeZoneInfo.Utc, size: 1);
        for (var round = 0; round < 2; round++)
        {
            for (var written = 0; written < 5; written++)
            {
                queue.Write(Logged.Usual);
            }

            Assert.Equal(2, queue.TakeDropped());
            var taken = queue.Take(empty); // makes room for the next round
            Assert.Equal(3 * one, taken.Count);
            taken.Clear();
            empty = taken;
        }
    }

    [Fact]
    public void Short_lines_wait_where_a_long_one_was_too_much()
    {
        var queue = Queue(new() { AccessLogBacklog = 1000 });
        queue.Write(Logged.Usual with { Path = "/" + new string('a', TenMegabytes) });
        queue.Write(Logged.Usual);
        Assert.Equal(1, queue.TakeDropped());
        Assert.Equal(Logged.As(AccessLogFormat.Console, Logged.Usual) + "\n", Encoding.UTF8.GetString(queue.Take(new(TimeZoneInfo.Utc, size: 1)).Written.Span));
    }

    [Fact]
    public void What_is_filtered_or_off_is_never_queued()
    {
        var off = Queue(new() { AccessLog = AccessLogFormat.Off });
        var filtered = Queue(new() { AccessLogFilter = new() { SkippedPaths = ["/a"] } });
        off.Write(Logged.Usual);
        filtered.Write(Logged.Usual);
        Assert.Equal((0, 0), (off.Take(new(TimeZoneInfo.Utc, size: 1)).Count, filtered.Take(new(TimeZoneInfo.Utc, size: 1)).Count));
        Assert.Equal(0, off.TakeDropped() + filtered.TakeDropped());
    }

    private static AccessLogQueue Queue(ProxyOptions options) => new(Options.Create(options), TimeProvider.System);
}
