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
    public void Long_texts_wait_up_to_a_number_of_characters_and_usual_ones_beside_them()
    {
        var queue = new AccessLogQueue(Options.Create(new ProxyOptions()));
        var one = Logged.Usual with { UserAgent = new string('a', AccessLogQueue.MostText / 4) };
        for (var round = 0; round < 2; round++)
        {
            for (var written = 0; written < 5; written++)
            {
                queue.Write(one); // with the rest of the record the fourth is too much
            }

            queue.Write(Logged.Usual);
            Assert.Equal(2, queue.TakeDropped());
            for (var read = 0; read < 4; read++)
            {
                Assert.True(queue.TryRead(out _)); // makes room for the next round
            }

            Assert.False(queue.TryRead(out _));
        }
    }

    [Fact]
    public void A_text_that_is_longer_than_all_together_may_be_is_dropped()
    {
        var queue = new AccessLogQueue(Options.Create(new ProxyOptions()));
        queue.Write(Logged.Usual with { UserAgent = new string('a', TenMegabytes) });
        Assert.Equal(1, queue.TakeDropped());
        Assert.False(queue.TryRead(out _));
    }

    [Fact]
    public void What_is_filtered_or_off_is_never_queued()
    {
        var off = new AccessLogQueue(Options.Create(new ProxyOptions { AccessLog = AccessLogFormat.Off }));
        var filtered = new AccessLogQueue(Options.Create(new ProxyOptions { AccessLogFilter = new() { SkippedPaths = ["/a"] } }));
        off.Write(Logged.Usual);
        filtered.Write(Logged.Usual);
        Assert.False(off.TryRead(out _) || filtered.TryRead(out _));
        Assert.Equal(0, off.TakeDropped() + filtered.TakeDropped());
    }
}
