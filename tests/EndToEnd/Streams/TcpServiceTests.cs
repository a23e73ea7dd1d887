using System.Net;
using System.Net.Sockets;
using System.Text;
using IngressController.Testing;

namespace IngressController.EndToEnd.Streams;

public sealed class TcpServiceTests
{
    /// <summary>Says its name after the client has said all: only half-closed connections hear it.</summary>
    private static RawBackend Echo(string name = "") => new(async (stream, cancellationToken) =>
    {
        var buffer = new byte[4096];
        while (await stream.ReadAsync(buffer, cancellationToken) is > 0 and var count)
        {
            await stream.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
        }

        await stream.WriteAsync(Encoding.ASCII.GetBytes(name), cancellationToken);
    });

    [Fact]
    public async Task A_port_opens_changes_and_closes_while_its_connections_go_on()
    {
        await using var one = Echo("one");
        await using var two = Echo("two");
        await using var world = await StreamWorld.StartAsync();
        var port = StreamWorld.FreePort();
        world.Peers(one.Destination.Port);
        world.Map("tcp", $"\"{port}\": default/peer:stream");
        await using var old = await StreamWorld.ConnectAsync(port);
        Assert.Equal("hello", await StreamWorld.EchoAsync(old, "hello"));

        world.Peers(two.Destination.Port);
        await Eventually.TrueAsync(async () => await StreamWorld.AskAsync(port, "") == "two", "new connections go to the new endpoint");
        Assert.Equal("still", await StreamWorld.EchoAsync(old, "still"));

        world.Map("tcp");
        await Eventually.TrueAsync(async () => !await StreamWorld.IsOpenAsync(port), "the port is closed");
        Assert.Equal("there", await StreamWorld.EchoAsync(old, "there"));
        old.Socket.Shutdown(SocketShutdown.Send);
        using var reader = new StreamReader(old);
        Assert.Equal("one", await reader.ReadToEndAsync().InTime());
    }

    [Fact]
    public async Task Endpoints_take_turns_and_one_that_refuses_is_passed_over()
    {
        await using var one = Echo("1");
        await using var two = Echo("2");
        await using var world = await StreamWorld.StartAsync();
        var port = StreamWorld.FreePort();
        world.Peers(one.Destination.Port, RawBackend.Refusing().Port, two.Destination.Port);
        world.Map("tcp", $"\"{port}\": default/peer:7000");
        await (await StreamWorld.ConnectAsync(port)).DisposeAsync();
        var answers = new List<string>();
        for (var index = 0; index < 12; index++)
        {
            answers.Add(await StreamWorld.AskAsync(port, "x"));
        }

        Assert.All(answers, answer => Assert.True(answer is "x1" or "x2", answer));
        Assert.Equal(2, answers.Distinct().Count());
    }

    [Fact]
    public async Task The_PROXY_protocol_is_read_and_sent()
    {
        await using var peer = Echo();
        await using var world = await StreamWorld.StartAsync();
        int both = StreamWorld.FreePort(), read = StreamWorld.FreePort(), sent = StreamWorld.FreePort();
        world.Peers(peer.Destination.Port);
        world.Map("tcp", $"\"{both}\": default/peer:7000:PROXY:PROXY", $"\"{read}\": default/peer:7000:PROXY", $"\"{sent}\": \"default/peer:7000::PROXY\"");
        await (await StreamWorld.ConnectAsync(both)).DisposeAsync();

        const string header = "PROXY TCP4 192.0.2.1 198.51.100.2 1234 5678\r\n";
        Assert.Equal(header + "hi", await StreamWorld.AskAsync(both, header + "hi"));
        Assert.Equal("hi", await StreamWorld.AskAsync(read, header + "hi"));
        Assert.Matches($"^PROXY TCP4 127.0.0.1 127.0.0.1 [0-9]+ {sent}\r\nhi$", await StreamWorld.AskAsync(sent, "hi"));
        Assert.Equal("", await StreamWorld.AskAsync(read, "no header at all\r\n"));
        Assert.Equal("", await StreamWorld.AskAsync(read, "PROXY TCP4 192.0.2.1\r\nhi"));
    }

    /// <summary>Else who gets only a part takes it for the whole.</summary>
    [Fact]
    public async Task What_breaks_off_on_one_side_is_reset_on_the_other()
    {
        var (began, end) = (new TaskCompletionSource(), new TaskCompletionSource<SocketError>());
        await using var peer = new RawBackend(async (stream, stop) =>
        {
            var first = new byte[1];
            await stream.ReadExactlyAsync(first, stop);
            if (first[0] == (byte)'b')
            {
                stream.Socket.Close(0); // breaks off
                return;
            }

            began.SetResult();
            end.SetResult(await StreamWorld.EndOfAsync(stream));
        });
        await using var world = await StreamWorld.StartAsync();
        var port = StreamWorld.FreePort();
        world.Peers(peer.Destination.Port);
        world.Map("tcp", $"\"{port}\": default/peer:stream");

        await using var answered = await StreamWorld.ConnectAsync(port);
        await answered.WriteAsync("b"u8.ToArray());
        Assert.Equal(SocketError.ConnectionReset, await StreamWorld.EndOfAsync(answered).InTime());

        await using var broken = await StreamWorld.ConnectAsync(port);
        await broken.WriteAsync("c"u8.ToArray());
        await began.Task.InTime();
        broken.Socket.Close(0);
        Assert.Equal(SocketError.ConnectionReset, await end.Task.InTime());
    }

    [Fact]
    public async Task A_connection_to_nobody_is_closed_and_it_is_a_problem()
    {
        await using var world = await StreamWorld.StartAsync();
        var port = StreamWorld.FreePort();
        world.Map("tcp", $"\"{port}\": default/none:7000");
        await (await StreamWorld.ConnectAsync(port)).DisposeAsync();
        Assert.Equal("", await StreamWorld.AskAsync(port, "hello"));
        await world.Controller.Program.SaysAsync($"ServiceNotFound: ConfigMap default/tcp data\\[{port}\\]");
    }

    [Fact]
    public async Task A_port_that_somebody_else_has_is_a_problem_and_the_others_are_served()
    {
        await using var peer = Echo();
        await using var world = await StreamWorld.StartAsync();
        var port = StreamWorld.FreePort();
        world.Peers(peer.Destination.Port);
        world.Map("tcp", $"\"{peer.Destination.Port}\": default/peer:7000", $"\"{port}\": default/peer:7000", "http: default/peer:7000");
        await using var stream = await StreamWorld.ConnectAsync(port);
        Assert.Equal("hello", await StreamWorld.EchoAsync(stream, "hello"));
        await world.Controller.Program.SaysAsync($"StreamPortUnavailable: ConfigMap default/tcp data\\[{peer.Destination.Port}\\]: port TCP {peer.Destination.Port} is in use");
        await world.Controller.Program.SaysAsync("StreamEntryInvalid: ConfigMap default/tcp data\\[http\\]");
    }

    [Fact]
    public async Task A_port_that_somebody_else_has_opens_when_it_is_free()
    {
        await using var peer = Echo();
        await using var world = await StreamWorld.StartAsync();
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        world.Peers(peer.Destination.Port);
        world.Map("tcp", $"\"{port}\": default/peer:7000");
        await world.Controller.Program.SaysAsync($"StreamPortUnavailable: ConfigMap default/tcp data\\[{port}\\]");
        other.Stop();
        await using var stream = await StreamWorld.ConnectAsync(port);
        Assert.Equal("hello", await StreamWorld.EchoAsync(stream, "hello"));
    }

    [Fact]
    public async Task TLS_of_openssl_goes_through_as_it_is()
    {
        using var files = new TemporaryDirectory();
        var tls = StreamWorld.FreePort();
        var made = await RunningProgram.RunAsync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=db.test", "-keyout", files.File("key.pem"), "-out", files.File("cert.pem")]);
        Assert.Equal(0, made.ExitCode);
        await using var server = RunningProgram.Start("openssl", ["s_server", "-accept", $"127.0.0.1:{tls}", "-key", files.File("key.pem"), "-cert", files.File("cert.pem"), "-www"]);
        await server.SaysAsync("ACCEPT");
        await using var world = await StreamWorld.StartAsync();
        var port = StreamWorld.FreePort();
        world.Peers(tls);
        world.Map("tcp", $"\"{port}\": default/peer:7000");
        await (await StreamWorld.ConnectAsync(port)).DisposeAsync();
        var (exitCode, output, errors) = await RunningProgram.RunAsync("curl", ["-sS", "--cacert", files.File("cert.pem"), "--connect-to", $"db.test:443:127.0.0.1:{port}", "https://db.test/"]);
        Assert.True(exitCode == 0, errors);
        Assert.Contains("s_server", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_under_way_at_shutdown_finishes()
    {
        await using var peer = Echo("end");
        await using var world = await StreamWorld.StartAsync();
        var port = StreamWorld.FreePort();
        world.Peers(peer.Destination.Port);
        world.Map("tcp", $"\"{port}\": default/peer:7000");
        await using var stream = await StreamWorld.ConnectAsync(port);
        Assert.Equal("hello", await StreamWorld.EchoAsync(stream, "hello"));
        await world.Controller.Program.SignalAsync("TERM");
        await Eventually.TrueAsync(async () => !await StreamWorld.IsOpenAsync(port), "the port is closed");
        Assert.Equal("again", await StreamWorld.EchoAsync(stream, "again"));
        stream.Socket.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, await world.Controller.Program.ExitCodeAsync());
    }
}
