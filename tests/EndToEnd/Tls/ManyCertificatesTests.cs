using System.Diagnostics;
using IngressController.Testing;
using IngressController.Testing.Scale;

namespace IngressController.EndToEnd.Tls;

/// <summary>What 10,000 hosts with a certificate each cost the program, beside 10. The benchmark says how much; this holds that it is not much more.</summary>
public sealed class ManyCertificatesTests
{
    private const int Few = 10;
    private const int Many = 10_000;
    private const int Handshakes = 1000;
    private const int Rounds = 3;
    private const double MostMegabytes = 330;
    private const double MostTimesTheCpu = 2;

    [Fact]
    public async Task Ten_thousand_certificates_make_handshakes_little_dearer_and_memory_stays_bounded()
    {
        using var directory = new TemporaryDirectory();
        CertifiedHosts.Write(directory.File("few"), Few);
        CertifiedHosts.Write(directory.File("many"), Many);
        await using var few = await ControllerProcess.StartAsync(directory.File("few"));
        await using var many = await ControllerProcess.StartAsync(directory.File("many"));
        await CertifiedHosts.ShakeHandsAsync(few, Few, Handshakes); // the runtime compiles the code of handshakes
        await CertifiedHosts.ShakeHandsAsync(many, Many, Handshakes); // each host shows its own certificate, made ready now
        var (ofFew, ofMany) = (TimeSpan.MaxValue, TimeSpan.MaxValue);
        for (var round = 0; round < Rounds; round++) // in turns, so that what else the machine does hits both
        {
            ofFew = Least(ofFew, await CpuAsync(few, Few));
            ofMany = Least(ofMany, await CpuAsync(many, Many));
        }

        Assert.InRange(ofMany / ofFew, 0, MostTimesTheCpu);
        Assert.InRange(ResidentMemory.Of(many.Program.Id).Now, 0, MostMegabytes);
    }

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static async Task<TimeSpan> CpuAsync(ControllerProcess controller, int hosts)
    {
        var before = Cpu(controller);
        await CertifiedHosts.ShakeHandsAsync(controller, hosts, Handshakes);
        return Cpu(controller) - before;
    }

    private static TimeSpan Cpu(ControllerProcess controller)
    {
        using var process = Process.GetProcessById(controller.Program.Id);
        return process.TotalProcessorTime;
    }
}
