using System.Text.Json.Nodes;
using IngressController.Certificates.Acme;
using IngressController.Certificates.Acme.Protocol;
using IngressController.Testing;
using IngressController.Testing.Acme;

namespace IngressController.EndToEnd.Acme;

/// <summary>An authority that is down, overloaded or not itself costs a clear exception, and nothing else: the next request is as good as ever.</summary>
public sealed class FaultTests
{
    public static TheoryData<string, string> Broken => new()
    {
        { "error", "the database is on fire (serverInternal)" },
        { "gateway", "answers 502 with text/html: <html> <h1>502 Bad Gateway</h1> </html>" },
        { "cut", "cannot be asked for" },
        { "cut afterwards", "cannot be asked for" },
        { "garbage", "no JSON but text/html: <html> [31mwelcome" },
        { "huge", "longer than 1024 KiB" },
        { "null", "no JSON object" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task A_broken_answer_is_told_and_done_with(string kind, string words)
    {
        var fault = kind switch
        {
            "error" => AcmeFault.ServerError,
            "gateway" => AcmeFault.BadGateway,
            "cut" => AcmeFault.Cut,
            "cut afterwards" => AcmeFault.CutAfterwards,
            "garbage" => AcmeFault.Garbage,
            "huge" => AcmeFault.Huge,
            _ => AcmeFault.Null,
        };
        await using var world = await AcmeWorld.StartAsync();
        await AssertUnavailableAsync(world, AcmeEndpoint.Directory, fault, words, world.RegisterAsync);
        await AssertUnavailableAsync(world, AcmeEndpoint.NewAccount, fault, words, world.RegisterAsync);
        var account = await world.RegisterAsync();
        await AssertUnavailableAsync(world, AcmeEndpoint.NewOrder, fault, words, () => account.OrderAsync(["shop.example"], null, default));
        var order = await account.OrderAsync(["shop.example"], null, default).InTime();
        await AssertUnavailableAsync(world, AcmeEndpoint.Authorization, fault, words, () => account.GetAuthorizationAsync(order.Authorizations[0], default));
        await AssertUnavailableAsync(world, AcmeEndpoint.Order, fault, words, () => account.GetOrderAsync(order.Url, default));
        await AssertUnavailableAsync(world, AcmeEndpoint.Orders, fault, words, () => account.ListOrdersAsync(default));
        Assert.Equal(OrderStatus.Pending, (await account.GetOrderAsync(order.Url, default).InTime()).Status);
    }

    [Fact]
    public async Task An_authority_that_is_down_is_named_and_found_again()
    {
        await using var world = await AcmeWorld.StartAsync();
        var account = await world.RegisterAsync();
        await world.Authority.StopListeningAsync();
        var failure = await Assert.ThrowsAsync<AcmeException>(() => account.OrderAsync(["shop.example"], null, default)).InTime();
        Assert.True(failure.IsUnavailable);
        Assert.StartsWith($"{world.Authority.Directory.Authority} cannot be asked for ", failure.Message, StringComparison.Ordinal);
        await world.Authority.StartListeningAsync();
        Assert.Equal(OrderStatus.Pending, (await account.OrderAsync(["shop.example"], null, default).InTime()).Status);
    }

    [Fact]
    public async Task An_answer_that_does_not_come_is_given_up_after_half_a_minute()
    {
        var clock = new ManualClock();
        await using var world = await AcmeWorld.StartAsync(clientTime: clock);
        var account = await world.RegisterAsync();
        var (reached, released) = (new TaskCompletionSource(), new TaskCompletionSource());
        world.Rules.Hold = step =>
        {
            if (step.Endpoint != AcmeEndpoint.NewOrder)
            {
                return Task.CompletedTask;
            }

            reached.TrySetResult();
            return released.Task;
        };
        var ordering = account.OrderAsync(["shop.example"], null, default);
        await reached.Task.InTime();
        clock.Advance(TimeSpan.FromSeconds(31));
        var failure = await Assert.ThrowsAsync<AcmeException>(() => ordering).InTime();
        released.SetResult();
        Assert.True(failure.IsUnavailable);
        Assert.EndsWith("no answer within 30 s", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_who_cancels_gets_what_callers_who_cancel_get()
    {
        await using var world = await AcmeWorld.StartAsync();
        var account = await world.RegisterAsync();
        var released = new TaskCompletionSource();
        using var cancelled = new CancellationTokenSource();
        world.Rules.Hold = async _ =>
        {
            await cancelled.CancelAsync();
            await released.Task;
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => account.OrderAsync(["shop.example"], null, cancelled.Token)).InTime();
        released.SetResult();
    }

    [Fact]
    public async Task An_authority_of_plain_http_or_of_an_unknown_CA_is_not_talked_to()
    {
        await using var world = await AcmeWorld.StartAsync();
        using var untrusting = new AcmeClient(world.Client.Issuer with { CaBundle = null }, TimeProvider.System);
        var failure = await Assert.ThrowsAsync<AcmeException>(() => untrusting.RegisterAsync(world.Key, onlyExisting: false, default)).InTime();
        Assert.Contains("certificate is not trusted", failure.Message, StringComparison.Ordinal);

        using var plain = new AcmeClient(world.Client.Issuer with { Directory = new("http://127.0.0.1:1/directory") }, TimeProvider.System);
        failure = await Assert.ThrowsAsync<AcmeException>(() => plain.RegisterAsync(world.Key, onlyExisting: false, default)).InTime();
        Assert.Contains("by https", failure.Message, StringComparison.Ordinal);

        using var broken = new AcmeClient(world.Client.Issuer with { CaBundle = "nothing" }, TimeProvider.System);
        failure = await Assert.ThrowsAsync<AcmeException>(() => broken.RegisterAsync(world.Key, onlyExisting: false, default)).InTime();
        Assert.Equal("the CA bundle of the issuer fake has no certificate. It must be PEM", failure.Message);
    }

    [Fact]
    public async Task A_directory_that_has_changed_is_read_again_after_a_failure()
    {
        await using var world = await AcmeWorld.StartAsync();
        world.Authority.Order(AcmeEndpoint.Directory, AcmeFault.Changed(directory => directory["newOrder"] = directory["newOrder"]!.GetValue<string>().Replace("new-order", "old-place", StringComparison.Ordinal)));
        var account = await world.RegisterAsync();
        await Assert.ThrowsAsync<AcmeException>(() => account.OrderAsync(["shop.example"], null, default)).InTime();
        Assert.Equal(OrderStatus.Pending, (await account.OrderAsync(["shop.example"], null, default).InTime()).Status);
        await account.OrderAsync(["www.shop.example"], null, default).InTime();
        Assert.Equal(2, world.Authority.Requests.Count(request => request == AcmeEndpoint.Directory));
    }

    private static async Task AssertUnavailableAsync(AcmeWorld world, AcmeEndpoint endpoint, AcmeFault fault, string words, Func<Task> act)
    {
        world.Authority.Order(endpoint, fault);
        var failure = await Assert.ThrowsAsync<AcmeException>(act).InTime();
        Assert.True(failure.IsUnavailable, $"{endpoint}: {failure.Message}");
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }
}
