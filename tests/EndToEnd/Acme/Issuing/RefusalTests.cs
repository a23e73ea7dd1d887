using System.Text.Json.Nodes;
using IngressController.Certificates.Acme.Protocol;
using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Testing;
using IngressController.Testing.Acme;

namespace IngressController.EndToEnd.Acme.Issuing;

/// <summary>Refusals that say nothing about any host.</summary>
public sealed class RefusalTests
{
    [Theory]
    [InlineData(403, "unauthorized")] // as Boulder for a certificate of another account
    [InlineData(400, "malformed")]
    [InlineData(404, "malformed")]
    public async Task A_predecessor_that_the_authority_does_not_take_keeps_no_certificate_from_being_renewed(int status, string type)
    {
        await using var world = await IssuedAsync();
        var serial = await world.SerialAsync("web");
        world.Authority.Order(AcmeEndpoint.NewOrder, AcmeFault.Refused(status, type, "could not determine replacement"));
        world.Clock.Shift = TimeSpan.FromDays(70);
        world.Stir();
        await world.RenewedAsync("web", serial);
        Assert.Null(world.Authority.Orders[1].Replaces);
        Assert.Empty((await world.StateAsync()).Failures);
    }

    [Fact]
    public async Task An_account_that_was_ended_makes_room_for_another_and_no_host_pays_for_it()
    {
        await using var world = await IssuedAsync();
        var record = Assert.Single((await world.StateAsync()).Accounts);
        using (var client = new AcmeClient(world.Options.Issuers[0], TimeProvider.System))
        using (var key = AccountKey.Read(record.Key))
        {
            await client.Use(key, record.Url!).DeactivateAsync(default);
        }

        await world.LookedAsync();
        Assert.Equal(["deactivated", "valid"], world.Authority.Accounts.Select(account => account.Status));
        Assert.Empty((await world.StateAsync()).Failures);
    }

    [Fact]
    public async Task A_certificate_that_was_requested_already_is_fetched()
    {
        await using var world = await IssuingWorld.StartAsync(rules: rules => rules.ProcessingQuestions = 1);
        world.Authority.Order(AcmeEndpoint.Finalize, new(IsCarriedOut: true, _ => AcmeReply.Problem(403, "orderNotReady", "Order's status (\"processing\") is not acceptable for finalization")));
        world.Apply(IssuingWorld.Ingress("web", "shop.example.com"));
        world.Lead();
        await world.IssuedAsync("web");
        Assert.Single(world.Authority.Orders);
        Assert.Single(world.Authority.Certificates);
    }

    [Fact]
    public async Task A_secret_of_somebody_else_that_has_the_name_of_the_state_is_not_written_over()
    {
        await using var world = await IssuingWorld.StartAsync();
        var theirs = new Secret(new Metadata(IssuingWorld.State.Namespace, IssuingWorld.State.Name), "Opaque", new Dictionary<string, EquatableArray<byte>> { ["password"] = [1] }.ToEquatableMap());
        await world.Directory.WriteAsync(theirs, null, default);
        world.Apply(IssuingWorld.Ingress("web", "shop.example.com"));
        var leader = world.Lead();
        await Eventually.TrueAsync(
            () => leader.Issuing.Problems is [{ Code: ProblemCode.AcmeNotWritten } problem] && problem.Message.Contains("somebody else made it", StringComparison.Ordinal), "the Secret has a problem");
        Assert.Equal(theirs, (await world.Directory.FindAsync(IssuingWorld.State, default))?.Secret);
        Assert.Empty(world.Authority.Accounts);
    }

    [Fact]
    public async Task A_challenge_that_failed_and_stays_pending_is_a_failure_of_its_host()
    {
        await using var world = await IssuingWorld.StartAsync();
        world.Authority.Order(AcmeEndpoint.Authorization, AcmeFault.Changed(shown =>
        {
            shown["status"] = "pending";
            foreach (var challenge in shown["challenges"]!.AsArray())
            {
                (challenge!["status"], challenge["error"]) = ("pending", new JsonObject { ["type"] = "urn:ietf:params:acme:error:connection", ["detail"] = "connection refused" });
            }
        }), times: 100);
        world.Apply(IssuingWorld.Ingress("web", "shop.example.com"));
        var leader = world.Lead();
        await Eventually.TrueAsync(() => leader.Issuing.Problems is [{ Code: ProblemCode.AcmeFailed } problem] && problem.Message.Contains("connection refused", StringComparison.Ordinal), "the Ingress has a problem");
        Assert.Contains("--acme-challenge tls-alpn-01", leader.Issuing.Problems[0].Cure, StringComparison.Ordinal);
        Assert.Empty((await world.StateAsync()).Orders);
    }

    private static async Task<IssuingWorld> IssuedAsync()
    {
        var world = await IssuingWorld.StartAsync();
        world.Apply(IssuingWorld.Ingress("web", "shop.example.com"));
        world.Lead();
        await world.IssuedAsync("web");
        return world;
    }
}
