using IngressController.Testing.Acme;

namespace IngressController.EndToEnd.Acme.Running;

/// <summary>The program without a cluster ends in the middle of an order.</summary>
public sealed class RestartTests
{
    [Fact]
    public async Task An_order_is_carried_on_after_a_stop_and_after_a_kill()
    {
        await using var program = await AcmeProgram.PrepareAsync();
        await using var authority = await FakeAcme.StartAsync(new() { SkipsValidation = true, ListsOrders = false });
        program.Ask("shop", "shop.example.com");
        var pause = Pause.At(authority, new(AcmeEndpoint.Challenge, IsDone: true));
        await program.RunAsync(authority.Directory, authority.CaBundle);
        await pause.BeganAsync();
        await program.EndAsync(); // it does not wait for the authority
        pause.End();

        pause = Pause.At(authority, new(AcmeEndpoint.Finalize, IsDone: true));
        await program.RunAsync(authority.Directory, authority.CaBundle);
        await pause.BeganAsync();
        await program.KillAsync();
        pause.End();

        await program.RunAsync(authority.Directory, authority.CaBundle);
        using var visitor = new Visitor(program.Controller, authority.RootPems[0]);
        var serial = await visitor.ShownAsync("shop.example.com");
        Assert.Equal(serial, Assert.Single(authority.Certificates).Serial);
        Assert.Equal("valid", Assert.Single(authority.Orders).Status);
        Assert.Single(authority.Accounts);
    }
}
