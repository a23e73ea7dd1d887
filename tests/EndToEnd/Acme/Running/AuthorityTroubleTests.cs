using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using IngressController.Testing;
using IngressController.Testing.Acme;
using IngressController.Testing.Acme.Pebble;

namespace IngressController.EndToEnd.Acme.Running;

/// <summary>Authorities that are away, that have had enough, or that do not find the host: what the real program does then, and what it says.</summary>
public sealed class AuthorityTroubleTests
{
    [Fact]
    public async Task An_authority_that_is_away_is_named_in_a_problem_and_used_when_it_is_back()
    {
        await using var program = await AcmeProgram.PrepareAsync();
        await using var authority = await FakeAcme.StartAsync(new() { SkipsValidation = true });
        await authority.StopListeningAsync();
        program.Ask("shop", "shop.example.com");
        await program.RunAsync(authority.Directory, authority.CaBundle);
        await program.Controller.AnswersAsync("shop.example.com", "/", answer => answer.StartsWith("308 ", StringComparison.Ordinal));
        await program.ProblemAsync($"waits for issuer default: {authority.Directory.Host}");
        await program.Controller.Program.SaysAsync("Issuer default is left alone until .*: ");

        await authority.StartListeningAsync();
        using var visitor = new Visitor(program.Controller, authority.RootPems[0]);
        await visitor.ShownAsync("shop.example.com");
        Assert.Single(authority.Orders);
        await program.NoProblemAsync();
        Assert.DoesNotContain("CertificateMissing", program.Controller.Program.Errors, StringComparison.Ordinal); // nobody need make what is to be obtained
    }

    [Fact]
    public async Task An_authority_that_has_had_enough_is_left_alone_and_its_own_words_are_shown_also_after_a_restart()
    {
        const string words = "too many new orders (5) from this account in the last 3h0m0s";
        await using var program = await AcmeProgram.PrepareAsync();
        await using var authority = await FakeAcme.StartAsync(new() { SkipsValidation = true, OrdersLeft = 0, RateLimitRetryAfter = TimeSpan.FromHours(1) });
        program.Ask("shop", "shop.example.com");
        await program.RunAsync(authority.Directory, authority.CaBundle);
        await program.ProblemAsync(words);
        await program.Controller.Program.SaysAsync($"Issuer default is left alone until .*{Regex.Escape(words)}");
        await program.Controller.Program.SaysAsync($"Ingress default/shop.*{Regex.Escape(words)}");

        authority.Rules.OrdersLeft = 10;
        await program.EndAsync();
        program.Ask("other", "other.example.com");
        await program.RunAsync(authority.Directory, authority.CaBundle);
        await program.ProblemAsync(words);
        await program.ProblemAsync("the certificate for Secret default/other waits for issuer default");
        Assert.Single(authority.Requests, AcmeEndpoint.NewOrder);
        Assert.Empty(authority.Orders);
    }

    [Fact]
    public async Task A_host_that_the_authority_does_not_find_is_told_in_its_words_and_others_are_issued()
    {
        await using var program = await AcmeProgram.PrepareAsync();
        using var nobody = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp); // has the port and does not listen at it
        nobody.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await using var pebble = await PebbleProcess.StartAsync(new() { HttpPort = ((IPEndPoint)nobody.LocalEndPoint!).Port, TlsPort = program.HttpsPort });
        program.Ask("shop", "shop.example.com");
        await program.RunAsync(pebble.Directory, pebble.CaBundle, "--acme-challenge", "http-01", "--acme-issuer", $"name=tls,directory={pebble.Directory},ca-bundle={program.Write("bundle.pem", pebble.CaBundle)},challenge=tls-alpn-01");
        await program.ProblemAsync("connection refused");
        await program.Controller.Program.SaysAsync("Problem: error AcmeFailed: Ingress default/shop .*connection refused.* and its port 80 must reach the controller");
        Assert.Single(program.Controller.Program.Errors.Split('\n'), line => line.Contains("connection refused", StringComparison.Ordinal)); // told once
        await program.Controller.AnswersAsync("shop.example.com", "/", answer => answer.StartsWith("308 ", StringComparison.Ordinal));

        program.Ask("other", "other.example.com", "yarp.ingress.kubernetes.io/acme-issuer: tls");
        using var visitor = new Visitor(program.Controller, await pebble.RootAsync());
        await visitor.ShownAsync("other.example.com");
    }
}
