using IngressController.EndToEnd.App;
using IngressController.EndToEnd.Tls;
using IngressController.Testing;

namespace IngressController.EndToEnd.Limits;

/// <summary>Debian's slowhttptest against the real program: whatever it holds open, others are answered promptly.</summary>
public sealed class SlowHttpTests
{
    private static readonly TimeSpan Promptly = TimeSpan.FromSeconds(10); // on two cores that the attackers have too; whoever is shut out waits longer

    [Theory]
    [InlineData("slow headers", "-H", "-i", "1")]
    [InlineData("slow body", "-B", "-i", "1", "-s", "8192")]
    [InlineData("ranges", "-R")]
    [InlineData("slow read", "-X", "-w", "1", "-y", "8", "-n", "1", "-z", "1", "-k", "3")]
    public async Task It_takes_the_service_from_nobody(string name, params string[] mode)
    {
        await using var world = await TlsWorld.StartAsync(
            world => world.Write("ingress", TlsWorld.Ingress("web", "127.0.0.1.test")),
            "--header-timeout", "3s", "--body-timeout", "3s", "--write-timeout", "3s");
        await using var cleartext = Attack(world.Controller.Http, mode);
        await using var tls = Attack(world.Controller.Https, mode);
        var asked = 0;
        while (!cleartext.HasExited || !tls.HasExited)
        {
            var started = TimeProvider.System.GetTimestamp();
            Assert.StartsWith("200 ", await world.Controller.AnswerAsync("127.0.0.1.test", "/"), StringComparison.Ordinal);
            await (await world.ShakeHandsAsync("127.0.0.1.test")).DisposeAsync();
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Promptly, $"{name}: no prompt answer");
            asked++;
        }

        Assert.NotEqual(0, asked);
        await Task.WhenAll(cleartext.ExitCodeAsync(), tls.ExitCodeAsync()); // then all their output has come
        Assert.Contains("slow HTTP test status", cleartext.Output + cleartext.Errors, StringComparison.Ordinal);
        Assert.Contains("slow HTTP test status", tls.Output + tls.Errors, StringComparison.Ordinal);
    }

    /// <summary>300 connections, opened in two seconds, for eight.</summary>
    private static RunningProgram Attack(Uri address, string[] mode) =>
        RunningProgram.Start("slowhttptest", [.. mode, "-c", "300", "-r", "150", "-l", "8", "-p", "3", "-u", address.ToString()]);
}
