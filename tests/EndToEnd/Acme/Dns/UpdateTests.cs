using System.Buffers.Binary;
using IngressController.Certificates.Acme;
using IngressController.Certificates.Acme.Dns;
using IngressController.Cluster;
using IngressController.Testing;

namespace IngressController.EndToEnd.Acme.Dns;

/// <summary>RFC 2136 with the name server that most have.</summary>
public sealed class UpdateTests(UpdateTests.Servers servers) : IClassFixture<UpdateTests.Servers>
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly Bind bind = servers.Bind;

    [Fact]
    public async Task Records_come_and_go_beside_each_other()
    {
        var hook = HookOf(bind.Server);
        var (apex, wildcard) = (TxtRecord.Of("host.a.test", "token-1.thumbprint"), TxtRecord.Of("host.a.test", "token-2.thumbprint"));
        await hook.PresentAsync(apex, None);
        await hook.PresentAsync(wildcard, None);
        await hook.PresentAsync(apex, None); // again, as after a crash
        Assert.Equal(new[] { apex.Value, wildcard.Value }.Order(), await bind.TextsAsync("_acme-challenge.host.a.test"));

        await hook.CleanUpAsync(apex, None);
        Assert.Equal([wildcard.Value], await bind.TextsAsync("_acme-challenge.host.a.test"));
        await hook.CleanUpAsync(wildcard, None);
        await hook.CleanUpAsync(wildcard, None);
        Assert.Empty(await bind.TextsAsync("_acme-challenge.host.a.test"));
    }

    [Theory]
    [InlineData("a.test", "_acme-challenge.a.test")]
    [InlineData("far.below.in.a.test", "_acme-challenge.far.below.in.a.test")]
    [InlineData("deep.zone.a.test", "_acme-challenge.deep.zone.a.test")] // a zone of its own
    [InlineData("left.to.frozen.test", "answers.a.test")] // an alias into another zone
    [InlineData("twice.frozen.test", "answers.a.test")]
    public async Task The_record_stands_where_authorities_look(string host, string place)
    {
        var record = TxtRecord.Of(host, $"token-for-{host}.thumbprint");
        await HookOf(bind.Server).PresentAsync(record, None);
        Assert.Contains(record.Value, await bind.TextsAsync(place));
        await HookOf(bind.Server).CleanUpAsync(record, None);
        Assert.DoesNotContain(record.Value, await bind.TextsAsync(place));
    }

    [Fact]
    public async Task The_longer_digest_is_spoken_too()
    {
        await using var other = await Bind.StartAsync("hmac-sha512");
        var record = TxtRecord.Of("x.a.test", "t.t");
        await HookOf(other.Server).PresentAsync(record, None);
        Assert.Equal([record.Value], await other.TextsAsync("_acme-challenge.x.a.test"));
    }

    [Theory]
    [InlineData("x.frozen.test", "does not change _acme-challenge.x.frozen.test in zone frozen.test: it refuses (REFUSED)")]
    [InlineData("below.deep.zone.a.test", "does not change _acme-challenge.below.deep.zone.a.test in zone deep.zone.a.test: it refuses (REFUSED)")]
    [InlineData("elsewhere.test", "has no zone with _acme-challenge.elsewhere.test: it refuses (REFUSED)")]
    [InlineData("away.a.test", "has no zone with somewhere.else.test: it refuses (REFUSED)")]
    [InlineData("round.a.test", "is an alias of an alias")]
    [InlineData("a..test", "_acme-challenge.a..test is no name of the DNS")]
    public Task What_the_server_does_not_take_is_said(string host, string words) => FailsAsync(bind.Server, host, words);

    [Fact]
    public async Task What_is_wrong_with_the_key_is_said()
    {
        var key = bind.Server.Key!;
        await FailsAsync(bind.Server with { Key = key with { Name = "nobody" } }, "x.a.test", "it does not know the TSIG key nobody with hmac-sha256");
        await FailsAsync(bind.Server with { Key = key with { Algorithm = "hmac-sha512" } }, "x.a.test", "it does not know the TSIG key challenges.key with hmac-sha512");
        await FailsAsync(bind.Server with { Key = key with { Secret = [1, 2, 3] } }, "x.a.test", "it has another secret for the TSIG key challenges.key");
        await FailsAsync(bind.Server with { Key = null }, "x.a.test", "it refuses (REFUSED)");
    }

    [Fact]
    public async Task Clocks_that_differ_are_said()
    {
        var clock = new ManualClock();
        clock.Advance(TimeProvider.System.GetUtcNow() - clock.GetUtcNow() + TimeSpan.FromHours(1));
        var failure = await Assert.ThrowsAsync<IOException>(() => DnsHooks.Of(new() { Server = bind.Server }, clock).PresentAsync(TxtRecord.Of("x.a.test", "t.t"), None).InTime());
        Assert.Contains("its clock differs from ours by more than 300 s", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public Task A_server_that_is_down_is_said() => FailsAsync(new("127.0.0.1", RawBackend.Refusing().Port, bind.Server.Key), "x.a.test", "Connection refused");

    /// <summary>Somebody between the two could answer anything.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("0000")]
    [InlineData("000C000000000000000000000000")] // nothing like the question
    [InlineData("FFFF00")]
    public async Task A_server_that_answers_nonsense_is_said(string answer)
    {
        await using var server = new RawBackend(async (stream, stop) =>
        {
            await stream.ReadExactlyAsync(new byte[2], stop);
            await stream.WriteAsync(Convert.FromHexString(answer), stop);
        });
        await FailsAsync(new("127.0.0.1", server.Destination.Port, null), "x.a.test", $"The name server 127.0.0.1:{server.Destination.Port}: ");
    }

    [Fact]
    public async Task An_answer_that_is_not_signed_is_not_believed()
    {
        await using var server = new RawBackend(async (stream, stop) =>
        {
            var length = new byte[2];
            await stream.ReadExactlyAsync(length, stop);
            var message = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
            await stream.ReadExactlyAsync(message, stop);
            byte[] answer = [.. message[..2], 0x84, 0, 0, 0, 0, 0, 0, 0, 0, 0];
            await stream.WriteAsync((byte[])[0, (byte)answer.Length, .. answer], stop);
        });
        await FailsAsync(new("127.0.0.1", server.Destination.Port, bind.Server.Key), "x.a.test", "its answer is not signed with the TSIG key challenges.key");
    }

    [Fact]
    public async Task A_server_that_says_nothing_is_not_waited_for_longer_than_30_s()
    {
        await using var server = new RawBackend((_, stop) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop));
        var clock = new ManualClock();
        var present = DnsHooks.Of(new() { Server = new("127.0.0.1", server.Destination.Port, null) }, clock).PresentAsync(TxtRecord.Of("x.a.test", "t.t"), None);
        await Eventually.TrueAsync(() => server.Connections > 0, "it is asked");
        clock.Advance(TimeSpan.FromSeconds(29));
        Assert.False(present.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Contains("did not answer within 30 s", (await Assert.ThrowsAsync<IOException>(() => present.InTime())).Message, StringComparison.Ordinal);
    }

    private static IDnsHook HookOf(DnsServer server) => DnsHooks.Of(new() { Server = server }, TimeProvider.System);

    private static async Task FailsAsync(DnsServer server, string host, string words)
    {
        var failure = await Assert.ThrowsAsync<IOException>(() => HookOf(server).PresentAsync(TxtRecord.Of(host, "t.t"), None).InTime());
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<IOException>(() => HookOf(server).CleanUpAsync(TxtRecord.Of(host, "t.t"), None).InTime());
    }

    /// <summary>One for all tests; each has names of its own.</summary>
    public sealed class Servers : IAsyncLifetime
    {
        internal Bind Bind { get; private set; } = null!;

        public async Task InitializeAsync() => Bind = await Bind.StartAsync();

        public Task DisposeAsync() => Bind.DisposeAsync().AsTask();
    }
}
