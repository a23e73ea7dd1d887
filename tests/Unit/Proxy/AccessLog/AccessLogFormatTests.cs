using System.Text.Json;
using IngressController.Proxy.AccessLog;
using IngressController.Proxy.Observing;

namespace IngressController.Unit.Proxy.AccessLog;

public sealed class AccessLogFormatTests
{
    private static RequestRecord Line { get; } = Logged.Usual with { Host = "shop.test" };

    [Fact]
    public void The_console_line_reads_from_left_to_right()
    {
        Assert.Equal(
            "2026-11-03T10:00:00.123Z 2001:db8::1 GET shop.test/a?b=c&d=+ 200 512B 3.3ms shop/web shop/web:80 10.1.2.3:8080 2.5ms id -", Console(Line));
    }

    [Fact]
    public void A_connection_has_no_method_and_no_path()
    {
        Assert.Contains(" 2001:db8::1 - shop.test 200 ", Console(Line with { Method = "", Path = "" }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_session_has_its_protocol_and_its_port_in_their_place()
    {
        Assert.Equal("2026-11-03T10:00:00.123Z 2001:db8::1 TCP :5432 200 512B 3.3ms - shop/db:sql 10.1.2.3:5432 2.5ms - -", Console(Logged.Session));
        Assert.Contains("\"protocol\":\"TCP\",\"scheme\":\"\",\"host\":\":5432\",\"method\":\"\",\"path\":\"\",\"status\":200,\"requestBytes\":7,", Json(Logged.Session), StringComparison.Ordinal);
    }

    [Fact]
    public void The_JSON_line_keeps_queries_legible()
    {
        Assert.Contains("\"path\":\"/a?b=c&d=+\"", Json(Line), StringComparison.Ordinal);
        Assert.Contains("\"duration\":3.250,", Json(Line), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("evil\r\n2026 fake line")]
    [InlineData("\u001b[31mred")]
    [InlineData("\u0085next\u009b")]
    [InlineData("quote\" back\\slash")]
    public void No_client_can_write_a_line_or_a_field_of_its_own(string text)
    {
        var line = Line with { Host = text, Path = text, Method = text, RequestId = text };

        var console = Console(line);
        Assert.Equal(13, console.Split(' ').Length);
        Assert.DoesNotContain(console, char.IsControl);

        var json = Json(line);
        Assert.DoesNotContain(json, character => character is '\n' or '\r' or '\u001b');
        using var parsed = JsonDocument.Parse(json);
        Assert.Equal(text, parsed.RootElement.GetProperty("host").GetString());
    }

    private static string Console(in RequestRecord record) => Logged.As(AccessLogFormat.Console, record);

    private static string Json(in RequestRecord record) => Logged.As(AccessLogFormat.Json, record);
}
