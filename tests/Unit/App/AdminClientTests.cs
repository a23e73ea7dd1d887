using System.IO.Pipes;
using System.Text;
using IngressController.Testing;

namespace IngressController.Unit.App;

/// <summary>The commands that ask a running controller, where the token or the answer is none.</summary>
public sealed class AdminClientTests
{
    private const string Token = "correct-horse-battery-staple";

    [Fact]
    public async Task A_token_file_without_a_name_or_that_is_no_file_is_an_error_of_use()
    {
        using var pipe = new AnonymousPipeServerStream(PipeDirection.Out, HandleInheritability.None);
        pipe.Write(Encoding.ASCII.GetBytes(Token));
        var file = $"/dev/fd/{pipe.GetClientHandleAsString()}";
        var missing = $"/nowhere/{Guid.NewGuid()}";
        Assert.Equal(["--admin-token-file: '' is no name of a file"], await ErrorsAsync(""));
        Assert.Equal([$"--admin-token-file: '{file}' is empty, or a pipe or a device, which cannot be read again and again"], await ErrorsAsync(file));
        Assert.Equal([$"--admin-token-file: '{missing}' does not exist"], await ErrorsAsync(missing));
        Assert.Equal(["--admin-token-file: '/' is a directory"], await ErrorsAsync("/"));
    }

    [Fact]
    public async Task A_token_file_that_is_a_named_pipe_is_an_error_of_use_and_blocks_nobody()
    {
        using var directory = new TemporaryDirectory();
        using (var mkfifo = System.Diagnostics.Process.Start("mkfifo", [directory.File("fifo")]))
        {
            await mkfifo.WaitForExitAsync();
        }

        File.CreateSymbolicLink(directory.File("link"), directory.File("fifo"));
        foreach (var file in new[] { directory.File("fifo"), directory.File("link") })
        {
            Assert.Equal([$"--admin-token-file: '{file}' is empty, or a pipe or a device, which cannot be read again and again"], await Task.Run(() => ErrorsAsync(file)).InTime());
        }
    }

    [Fact]
    public async Task A_file_of_headers_without_a_name_is_an_error_of_use() =>
        Assert.Equal(["--otlp-headers-file: '' cannot be read"], await Shell.ErrorsAsync("--manifests", "/", "--otlp-endpoint", "http://a", "--otlp-headers-file", ""));

    /// <summary>As while somebody writes it anew.</summary>
    [Fact]
    public async Task A_token_file_that_is_empty_for_a_moment_ends_top_with_one_line()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("token", Token);
        var file = directory.File("token");
        await using var controller = new RawBackend(async (stream, cancellationToken) =>
        {
            await RawBackend.ReadHeadAsync(stream, cancellationToken);
            directory.Write("token", "");
            await stream.WriteAsync(Encoding.ASCII.GetBytes(Answer("{}")), cancellationToken);
        });
        var (exitCode, output, errors) = await Shell.RunAsync("top", "--admin", controller.Destination.ToString(), "--admin-token-file", file);
        Assert.Equal((1, "", $"ingress-controller: --admin-token-file: '{file}' is empty, or a pipe or a device, which cannot be read again and again\n"), (exitCode, output, errors));
    }

    [Fact]
    public async Task What_the_server_writes_is_no_command_for_the_terminal()
    {
        await using var controller = RawBackend.Answering(Answer("""{"text":"one\u001b]0;title\u0007\r\ntwo\u009b2J\n"}"""));
        var (exitCode, output, errors) = await Shell.RunAsync("explain", "http://a/", "--admin", controller.Destination.ToString());
        Assert.Equal((0, "one?]0;title??\ntwo?2J\n", ""), (exitCode, output, errors));
    }

    [Fact]
    public async Task What_the_server_complains_of_is_one_line()
    {
        await using var controller = RawBackend.Answering(Answer("""{"error":"no\u001b[2J\nmore"}""", "403 Forbidden"));
        var (exitCode, output, errors) = await Shell.RunAsync("explain", "http://a/", "--admin", controller.Destination.ToString());
        Assert.Equal((1, "", $"ingress-controller: http://{controller.Destination}: no?[2J?more\n"), (exitCode, output, errors));
    }

    private static Task<string[]> ErrorsAsync(string file) => Shell.ErrorsAsync("explain", "http://a/", "--admin", "127.0.0.1:1", "--admin-token-file", file);

    private static string Answer(string json, string status = "200 OK") => $"HTTP/1.1 {status}\r\nContent-Length: {Encoding.UTF8.GetByteCount(json)}\r\nConnection: close\r\n\r\n{json}";
}
