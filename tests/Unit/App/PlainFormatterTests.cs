using IngressController.App.Logging;
using IngressController.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IngressController.Unit.App;

public sealed class PlainFormatterTests
{
    [Fact]
    public void An_entry_is_time_level_and_message() =>
        Assert.Equal("2026-01-01T00:00:00.000Z warn  careful\n", Format("IngressController.App.ControlLoop", "careful"));

    [Fact]
    public void Others_are_named() => Assert.Equal("2026-01-01T00:00:00.000Z warn  Microsoft.X: careful\n", Format("Microsoft.X", "careful"));

    [Fact]
    public void No_text_can_pass_for_an_entry_of_its_own() =>
        Assert.Equal(
            "2026-01-01T00:00:00.000Z warn  a\n    2026-01-01T00:00:00.000Z error forged[2K\n",
            Format("IngressController.App", "a\r\n2026-01-01T00:00:00.000Z error forged\u001b[2K"));

    private static string Format(string category, string message)
    {
        using var text = new StringWriter();
        new PlainFormatter(new ManualClock()).Write(
            new LogEntry<string>(LogLevel.Warning, category, default, message, null, static (state, _) => state), null, text);
        return text.ToString();
    }
}
