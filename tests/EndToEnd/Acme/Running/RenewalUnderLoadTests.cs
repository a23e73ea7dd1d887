using System.Net;
using IngressController.Testing;
using IngressController.Testing.Acme.Pebble;

namespace IngressController.EndToEnd.Acme.Running;

/// <summary>Certificates that live for seconds, renewed while clients come and others stay.</summary>
public sealed class RenewalUnderLoadTests
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(24);

    [Fact]
    public async Task Nobody_notices_a_renewal_neither_who_is_connected_nor_who_comes()
    {
        await using var program = await AcmeProgram.PrepareAsync();
        await using var pebble = await PebbleProcess.StartAsync(new() { HttpPort = program.HttpPort, TlsPort = program.HttpsPort, CertificateLifetime = Lifetime });
        program.Ask("shop", "shop.example.com");
        await program.RunAsync(pebble.Directory, pebble.CaBundle);
        var root = await pebble.RootAsync();
        using var first = new Visitor(program.Controller, root);
        var before = await first.ShownAsync("shop.example.com");

        // On a machine with much to do the renewal may come after the end of so short a life, which is not what is looked at here.
        using var one = new Visitor(program.Controller, root, keepsConnections: true, looksAtExpiry: false);
        using var two = new Visitor(program.Controller, root, keepsConnections: true, version: 2, looksAtExpiry: false);
        using var comes = new Visitor(program.Controller, root, looksAtExpiry: false);
        using var enough = new CancellationTokenSource();
        Task<int>[] visits = [VisitAsync(one, enough.Token), VisitAsync(two, enough.Token), VisitAsync(comes, enough.Token)];
        await Eventually.TrueAsync(() => visits.Any(visit => visit.IsCompleted) || (comes.Serial.Length > 0 && comes.Serial != before), "another certificate is shown");
        var connections = comes.Connections;
        await Eventually.TrueAsync(() => visits.Any(visit => visit.IsCompleted) || comes.Connections > connections + 10, "it goes on");
        await enough.CancelAsync();
        var answers = await Task.WhenAll(visits).InTime();
        Assert.All(answers, count => Assert.True(count > 10, $"{count} answers"));
        Assert.Equal((1, 1, before, before), (one.Connections, two.Connections, one.Serial, two.Serial));
        Assert.NotEqual(before, comes.Serial);
    }

    /// <returns>How many answers came, all of them good.</returns>
    private static async Task<int> VisitAsync(Visitor visitor, CancellationToken enough)
    {
        var count = 0;
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        while (!enough.IsCancellationRequested)
        {
            Assert.Equal(HttpStatusCode.OK, await visitor.AskAsync("shop.example.com"));
            count++;
            await pace.WaitForNextTickAsync(default);
        }

        return count;
    }
}
