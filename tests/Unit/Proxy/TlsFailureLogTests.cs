using IngressController.Proxy;
using IngressController.Proxy.Forwarding;
using IngressController.Testing;

namespace IngressController.Unit.Proxy;

public sealed class TlsFailureLogTests
{
    [Fact]
    public void A_destination_is_told_of_once_a_minute()
    {
        var (clock, lines) = (new ManualClock(), new LogLines<DataPlane>());
        var log = new TlsFailureLog(clock, lines);

        foreach (var seconds in new[] { 0, 30, 29, 2, 10 })
        {
            clock.Advance(TimeSpan.FromSeconds(seconds));
            log.Tell("10.0.0.1:443", HandMadeModel.Unverified, $"after {seconds}");
            log.Tell("10.0.0.2:443", HandMadeModel.Unverified, $"after {seconds}");
        }

        Assert.Equal(["after 0", "after 0", "after 2", "after 2"], lines.Lines.Select(line => line.Split(": ")[1].Split(';')[0]));
        Assert.Contains("TLS with destination 10.0.0.1:443 failed, as web.shop.svc: after 0;", lines.Lines.First(), StringComparison.Ordinal);
    }

    [Fact]
    public void Many_destinations_do_not_fill_the_memory()
    {
        var (clock, lines) = (new ManualClock(), new LogLines<DataPlane>());
        var log = new TlsFailureLog(clock, lines);

        for (var number = 0; number < 1024; number++)
        {
            log.Tell($"10.0.{number / 256}.{number % 256}:443", HandMadeModel.Unverified, "");
        }

        log.Tell("10.0.0.0:443", HandMadeModel.Unverified, "");
        log.Tell("10.1.0.0:443", HandMadeModel.Unverified, "");
        log.Tell("10.0.0.0:443", HandMadeModel.Unverified, "");
        Assert.Equal(1026, lines.Lines.Count); // the newcomer made room, so the first is told of again
    }
}
