using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using IngressController.EndToEnd.Streams;
using IngressController.Testing;
using static IngressController.EndToEnd.Tls.PassthroughWorld;

namespace IngressController.EndToEnd.Tls;

/// <summary>The bytes of connections that are passed through, and their end.</summary>
public sealed class PassthroughBytesTests
{
    [Fact]
    public async Task A_hello_in_fragments_arrives_as_it_was_sent()
    {
        await using var backend = new RawBackend(async (stream, stop) => await stream.CopyToAsync(stream, stop));
        await using var world = await StartAsync(backend.Destination.Port);
        using var connection = new TcpClient { NoDelay = true };
        await connection.ConnectAsync(world.Controller.Https.Host, world.Controller.Https.Port);
        var stream = connection.GetStream();
        var hello = await HelloAsync("pass.test");
        foreach (var part in InRecordsOf(7, hello).Chunk(3))
        {
            await stream.WriteAsync(part);
        }

        var expected = InRecordsOf(7, hello);
        var echo = new byte[expected.Length];
        await stream.ReadExactlyAsync(echo).AsTask().InTime();
        Assert.Equal(expected, echo);
    }

    [Theory]
    [InlineData("v1")]
    [InlineData("v2")]
    public async Task The_backend_is_told_the_client_where_it_asks_for_it(string version)
    {
        var received = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var backend = new RawBackend(async (stream, stop) =>
        {
            var start = new byte[64];
            await stream.ReadExactlyAsync(start, stop);
            received.TrySetResult(start);
        });
        await using var world = await StartAsync(backend.Destination.Port, $"{Passing}, yarp.ingress.kubernetes.io/upstream-proxy-protocol: {version}");
        Assert.True(await IsClosedAsync(world, "pass.test"));
        var start = await received.Task.InTime();
        if (version == "v1")
        {
            Assert.Matches(@"^PROXY TCP4 127\.0\.0\.1 127\.0\.0\.1 \d+ \d+\r\n\x16\x03", Encoding.Latin1.GetString(start));
        }
        else
        {
            Assert.Equal("0D0A0D0A000D0A515549540A2111000C7F0000017F000001", Convert.ToHexString(start[..24]));
            Assert.Equal(world.Controller.Https.Port, BinaryPrimitives.ReadUInt16BigEndian(start.AsSpan(26)));
            Assert.Equal(0x16, start[28]);
        }
    }

    [Fact]
    public async Task The_client_may_end_before_the_backend()
    {
        await using var backend = new RawBackend(async (stream, stop) =>
        {
            var all = new MemoryStream();
            await stream.CopyToAsync(all, stop); // until the client has ended
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"{all.Length}"), stop);
        });
        await using var world = await StartAsync(backend.Destination.Port);
        using var connection = new TcpClient();
        await connection.ConnectAsync(world.Controller.Https.Host, world.Controller.Https.Port);
        var hello = await HelloAsync("pass.test");
        using var reader = new StreamReader(connection.GetStream());
        await reader.BaseStream.WriteAsync(hello);
        connection.Client.Shutdown(SocketShutdown.Send);
        Assert.Equal($"{hello.Length}", await reader.ReadToEndAsync().InTime());
    }

    [Fact]
    public async Task The_backend_may_end_before_the_client()
    {
        var received = new TaskCompletionSource<long>();
        await using var backend = new RawBackend(async (stream, stop) =>
        {
            stream.Socket.Shutdown(SocketShutdown.Send); // ends at once, and reads on
            var all = new MemoryStream();
            await stream.CopyToAsync(all, stop);
            received.TrySetResult(all.Length);
        });
        await using var world = await StartAsync(backend.Destination.Port);
        using var connection = new TcpClient();
        await connection.ConnectAsync(world.Controller.Https.Host, world.Controller.Https.Port);
        var (hello, stream) = (await HelloAsync("pass.test"), connection.GetStream());
        await stream.WriteAsync(hello);
        Assert.Equal(0, await stream.ReadAsync(new byte[1]).AsTask().InTime());
        await stream.WriteAsync(new byte[1000]);
        connection.Client.Shutdown(SocketShutdown.Send);
        Assert.Equal(hello.Length + 1000, await received.Task.InTime());
    }

    [Fact]
    public async Task A_client_that_breaks_off_is_no_end_for_the_backend()
    {
        var (began, end) = (new TaskCompletionSource(), new TaskCompletionSource<SocketError>());
        await using var backend = new RawBackend(async (stream, stop) =>
        {
            await stream.ReadExactlyAsync(new byte[1], stop);
            began.SetResult();
            end.SetResult(await StreamWorld.EndOfAsync(stream));
        });
        await using var world = await StartAsync(backend.Destination.Port);
        using var connection = new TcpClient();
        await connection.ConnectAsync(world.Controller.Https.Host, world.Controller.Https.Port);
        await connection.GetStream().WriteAsync(await HelloAsync("pass.test"));
        await began.Task.InTime();
        connection.Client.Close(0);
        Assert.Equal(SocketError.ConnectionReset, await end.Task.InTime());
    }

    [Fact]
    public async Task A_connection_without_a_byte_is_ended_after_the_idle_timeout()
    {
        await using var backend = new RawBackend((_, stop) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop));
        await using var world = await StartAsync(backend.Destination.Port, $"{Passing}, nginx.ingress.kubernetes.io/proxy-read-timeout: \"1\"");
        Assert.True(await IsClosedAsync(world, "pass.test"));
        await world.Controller.Program.SaysAsync(@"(?m) - pass\.test 200 0B .* IdleTimeout$");
    }

    [Fact]
    public async Task A_client_that_takes_nothing_is_cut_off_also_where_the_idle_timeout_is_long()
    {
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var backend = new RawBackend(async (stream, stop) =>
        {
            try
            {
                while (true)
                {
                    await stream.WriteAsync(new byte[65_536], stop);
                }
            }
            catch (IOException)
            {
                end.SetResult();
            }
        });
        await using var world = await StartAsync(backend.Destination.Port, $"{Passing}, nginx.ingress.kubernetes.io/proxy-read-timeout: \"3600\"", "--write-timeout", "1s");
        using var connection = new TcpClient();
        await connection.ConnectAsync(world.Controller.Https.Host, world.Controller.Https.Port);
        var stream = connection.GetStream();
        await stream.WriteAsync(await HelloAsync("pass.test"));
        await stream.ReadExactlyAsync(new byte[1024 * 1024]).AsTask().InTime();
        await end.Task.InTime();
        await world.Controller.Program.SaysAsync(@"(?m) - pass\.test 200 .* ClientClosed$");
        Assert.Equal(SocketError.ConnectionReset, await StreamWorld.EndOfAsync(stream).InTime());
    }

    [Fact]
    public async Task Open_connections_finish_when_the_program_stops_and_are_cut_when_the_grace_period_is_over()
    {
        await using var backend = await EchoBackend.StartAsync(tls: true);
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        backend.Answer = async context =>
        {
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await (context.Request.Path == "/short" ? go.Task : Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted));
        };
        await using var world = await StartAsync(backend.Port, Passing, "--shutdown-grace-period", "2s");
        using var client = Client(world);
        using var answer = await client.GetAsync("https://pass.test/short", HttpCompletionOption.ResponseHeadersRead);
        using var endless = await client.GetAsync("https://pass.test/endless", HttpCompletionOption.ResponseHeadersRead);
        await world.Controller.Program.SignalAsync("TERM");
        await world.Controller.Program.SaysAsync("finishing requests");
        go.SetResult();
        Assert.Equal("", await answer.Content.ReadAsStringAsync().InTime());
        await Assert.ThrowsAnyAsync<Exception>(() => endless.Content.ReadAsStringAsync().InTime());
        Assert.Equal(0, await world.Controller.Program.ExitCodeAsync());
        Assert.Matches(@"(?m) - pass\.test 200 .* ShuttingDown$", world.Controller.Program.Output);
    }
}
