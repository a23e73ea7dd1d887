using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Testing;
using IngressController.Testing.Acme;

namespace IngressController.EndToEnd.Acme.Issuing;

/// <summary>The leader is killed at each step, and another goes on: nothing is lost, and nothing is ordered twice.</summary>
public sealed class CrashTests
{
    private const int AtOnce = 4;

    private static readonly AcmeEndpoint[] Steps =
    [
        AcmeEndpoint.Directory, AcmeEndpoint.NewAccount, AcmeEndpoint.NewOrder, AcmeEndpoint.Authorization, AcmeEndpoint.Challenge, AcmeEndpoint.Order, AcmeEndpoint.Finalize, AcmeEndpoint.Certificate,
    ];

    /// <summary>Account, its URL, order, its URL, challenges, the certificate, the order crossed out.</summary>
    private const int Writes = 7;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task Killed_at_a_request_another_leader_issues_the_one_certificate(bool isDone) => AllAsync(Steps.Select(step => ($"{step}, done: {isDone}", (Func<Task>)(() => AtRequestAsync(new(step, isDone))))));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task Killed_at_a_write_another_leader_issues_the_one_certificate(bool isDone) =>
        AllAsync(Enumerable.Range(1, Writes).Select(write => ($"write {write}, done: {isDone}", (Func<Task>)(() => AtWriteAsync(write, isDone)))));

    [Fact]
    public async Task Where_the_authority_has_no_list_of_orders_it_gives_the_lost_one_again()
    {
        await using var world = await IssuingWorld.StartAsync(rules: rules => (rules.ListsOrders, rules.ReusesOrders) = (false, true));
        await KillAsync(world, new(AcmeEndpoint.NewOrder, IsDone: true));
        world.Lead();
        await world.IssuedAsync("web");
        Assert.Single(world.Authority.Orders);
    }

    private static async Task AtRequestAsync(AcmeStep step)
    {
        await using var world = await IssuingWorld.StartAsync(rules: rules => (rules.ProcessingQuestions, rules.ProcessingRetryAfter) = (1, TimeSpan.FromSeconds(1)));
        await KillAsync(world, step);
        await OnlyOneAsync(world);
    }

    private static async Task AtWriteAsync(int write, bool isDone)
    {
        await using var world = await IssuingWorld.StartAsync();
        var crash = new CrashingWriter(world.Directory, write, isDone);
        world.Writer = crash;
        world.Apply(IssuingWorld.Ingress("web", "shop.example.com"));
        var first = world.Lead();
        await crash.Crashed.InTime();
        await first.KillAsync();
        world.Writer = world.Directory;
        await OnlyOneAsync(world);
    }

    /// <summary>The one who leads next has read as little as a replica can have read.</summary>
    private static async Task OnlyOneAsync(IssuingWorld world)
    {
        world.Lead();
        await world.IssuedAsync("web");
        Assert.Single(world.Authority.Accounts);
        Assert.Single(world.Authority.Orders);
        Assert.Equal(Assert.Single(world.Authority.Certificates).Serial, await world.SerialAsync("web"));
    }

    private static async Task KillAsync(IssuingWorld world, AcmeStep step)
    {
        var (isThere, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        world.Rules.Hold = async now =>
        {
            if (now == step && isThere.TrySetResult())
            {
                await goOn.Task;
            }
        };
        world.Apply(IssuingWorld.Ingress("web", "shop.example.com"));
        var first = world.Lead();
        await isThere.Task.InTime();
        await first.KillAsync();
        goOn.SetResult();
    }

    /// <summary>Each takes seconds, most of which it waits.</summary>
    private static async Task AllAsync(IEnumerable<(string Name, Func<Task> Test)> tests) => await Parallel.ForEachAsync(tests, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (test, _) =>
    {
        try
        {
            await test.Test();
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException($"killed at {test.Name}: {failure.Message}", failure);
        }
    });

    /// <summary>At one write the process ends.</summary>
    private sealed class CrashingWriter(ISecretWriter writer, int at, bool isDone) : ISecretWriter
    {
        private readonly TaskCompletionSource crashed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int writes;

        public Task Crashed => crashed.Task;

        public Task<StoredSecret?> FindAsync(NamespacedName name, CancellationToken cancellationToken) => writer.FindAsync(name, cancellationToken);

        public async Task<string?> WriteAsync(Secret secret, string? version, CancellationToken cancellationToken)
        {
            var write = Interlocked.Increment(ref writes);
            if (write < at)
            {
                return await writer.WriteAsync(secret, version, cancellationToken);
            }

            if (write == at && isDone)
            {
                await writer.WriteAsync(secret, version, cancellationToken);
            }

            crashed.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken); // until it is dead
            return null;
        }
    }
}
