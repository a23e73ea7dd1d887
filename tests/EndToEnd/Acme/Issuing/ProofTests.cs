using IngressController.Certificates.Acme;
using IngressController.Certificates.Acme.Challenges;
using IngressController.Cluster;
using IngressController.Testing;
using IngressController.Testing.Acme;

namespace IngressController.EndToEnd.Acme.Issuing;

/// <summary>The authority really looks, and every replica shows it what the state says by the time it does.</summary>
public sealed class ProofTests
{
    [Theory]
    [InlineData(ChallengeKind.Http01)]
    [InlineData(ChallengeKind.TlsAlpn01)]
    public async Task What_replicas_answer_from_the_state_proves_the_hosts(ChallengeKind kind)
    {
        await using var replica = await ChallengeResponder.StartAsync();
        await using var world = await IssuingWorld.StartAsync(issuer => issuer with { Challenges = [kind] }, rules =>
            (rules.SkipsValidation, rules.HttpAddress, rules.TlsAddress) = (false, replica.HttpAddress, replica.TlsAddress));
        var answers = new ChallengeAnswers(TimeProvider.System);
        world.Rules.Hold = step =>
        {
            // What this replica has read when the authority is told to look.
            if (step == new AcmeStep(AcmeEndpoint.Challenge, IsDone: false))
            {
                lock (answers)
                {
                    answers.Apply(world.Snapshot.Secrets.GetValueOrDefault(IssuingWorld.State));
                    Show(answers, replica, AcmeState.Read(world.Snapshot.Secrets.GetValueOrDefault(IssuingWorld.State), out _));
                }
            }

            return Task.CompletedTask;
        };
        world.Apply(IssuingWorld.Ingress("web", "shop.example.com", "www.example.com"));
        world.Lead();
        await world.IssuedAsync("web");
        Assert.Single(world.Authority.Orders);
    }

    [Fact]
    public async Task Wildcards_are_proven_by_records_that_are_taken_away_afterwards()
    {
        using var zone = new TemporaryDirectory();
        WriteHook(zone, $"case $1 in present) echo \"$3\" > {zone.Path}/$2.$3 ;; cleanup) rm -f {zone.Path}/$2.$3 ;; esac");
        await using var world = await IssuingWorld.StartAsync(issuer => issuer with { Challenges = [ChallengeKind.Http01, ChallengeKind.Dns01], Dns = new() { Program = zone.File("hook") } }, rules =>
        {
            rules.SkipsValidation = false;
            rules.ResolveText = name => Task.FromResult<IReadOnlyList<string>>([.. Directory.GetFiles(zone.Path, $"{name}.*").Select(file => File.ReadAllText(file).Trim())]);
        });
        world.Apply(IssuingWorld.Ingress("web", "*.example.com", "example.com"));
        world.Lead();
        await world.IssuedAsync("web");
        Assert.Equal([zone.File("hook")], Directory.GetFiles(zone.Path));
    }

    [Fact]
    public async Task A_hook_that_fails_is_shown_and_tried_again()
    {
        using var zone = new TemporaryDirectory();
        await using var world = await IssuingWorld.StartAsync(issuer => issuer with { Challenges = [ChallengeKind.Dns01], Dns = new() { Program = zone.File("hook") } });
        world.Apply(IssuingWorld.Ingress("web", "shop.example.com"));
        var leader = world.Lead();
        await Eventually.TrueAsync(() => leader.Issuing.Problems is [{ Code: ProblemCode.AcmeNotWritten }], "the Ingress has a problem");
        WriteHook(zone, "exit 0");
        world.Clock.Shift = TimeSpan.FromMinutes(10);
        world.Stir();
        await world.IssuedAsync("web");
        Assert.Single(world.Authority.Orders);
    }

    private static void Show(ChallengeAnswers answers, ChallengeResponder replica, AcmeState state)
    {
        foreach (var (host, token) in state.Orders.SelectMany(order => order.Tokens.AsEnumerable()).Select(one => (one.Host, one.Token)))
        {
            if (answers.KeyAuthorization(host, token) is { } page)
            {
                replica.Pages[$"{host}/.well-known/acme-challenge/{token}"] = page;
            }

            if (answers.Certificate(host) is { } shown)
            {
                replica.Certificates[host] = shown.TargetCertificate;
            }
        }
    }

    private static void WriteHook(TemporaryDirectory zone, string body)
    {
        zone.Write("hook", $"#!/bin/sh\n{body}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(zone.File("hook"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
    }
}
