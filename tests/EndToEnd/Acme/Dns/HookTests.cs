using IngressController.Certificates.Acme;
using IngressController.Certificates.Acme.Dns;
using IngressController.Testing;
using Microsoft.AspNetCore.Http;

namespace IngressController.EndToEnd.Acme.Dns;

/// <summary>Programs and servers that make the records for us.</summary>
public sealed class HookTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TxtRecord Record = TxtRecord.Of("a.test", "token.thumbprint");

    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public void The_value_is_the_digest_that_the_RFC_wants() =>
        Assert.Equal(
            new TxtRecord("_acme-challenge.example.org", "xdGyW3wkNEjzUzdQf0VhJcAm_td9cXRd0t2VODwDsec"), // printf TOKEN.THUMBPRINT | openssl dgst -sha256 -binary | basenc --base64url
            TxtRecord.Of("example.org", "evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr-oA.LPJNul-wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ"));

    [Fact]
    public async Task A_program_is_told_what_to_do_and_with_what()
    {
        var hook = await ProgramAsync("printf '%s|' \"$@\" >> said; echo >> said; echo much; echo more >&2");
        await hook.PresentAsync(Record, None).InTime();
        await hook.CleanUpAsync(Record, None).InTime();
        Assert.Equal(
            [$"present|_acme-challenge.a.test|{Record.Value}|", $"cleanup|_acme-challenge.a.test|{Record.Value}|"],
            File.ReadAllLines(directory.File("said")));
    }

    [Fact]
    public async Task A_program_that_fails_says_why_in_its_last_words()
    {
        var hook = await ProgramAsync("echo first >&2; printf 'no \\033[31mrights\\n\\n' >&2; exit 3");
        var failure = await Assert.ThrowsAsync<IOException>(() => hook.PresentAsync(Record, None).InTime());
        Assert.EndsWith(" present _acme-challenge.a.test ended with exit code 3: no [31mrights", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_is_none_is_said()
    {
        directory.Write("text", "no program");
        foreach (var file in new[] { "missing", "text" })
        {
            var failure = await Assert.ThrowsAsync<IOException>(() => DnsHooks.Of(new() { Program = directory.File(file) }, TimeProvider.System).PresentAsync(Record, None));
            Assert.StartsWith($"{directory.File(file)} cannot be run: ", failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_program_that_does_not_end_is_ended()
    {
        var clock = new ManualClock();
        var hook = await ProgramAsync("echo $$ > id.part; mv id.part id; exec tail -f /dev/null", clock);
        var present = hook.PresentAsync(Record, None);
        await Eventually.TrueAsync(() => File.Exists(directory.File("id")), "it runs");
        clock.Advance(TimeSpan.FromMinutes(11));
        Assert.EndsWith("did not end within 10 minutes", (await Assert.ThrowsAsync<IOException>(() => present.InTime())).Message, StringComparison.Ordinal);
        var id = File.ReadAllText(directory.File("id")).Trim();
        await Eventually.TrueAsync(() => !Directory.Exists($"/proc/{id}") || File.ReadAllText($"/proc/{id}/stat").Contains(") Z ", StringComparison.Ordinal), "it is gone");
    }

    [Fact]
    public async Task A_webhook_is_told_what_to_do_and_with_what()
    {
        await using var server = await EchoBackend.StartAsync();
        var said = new System.Collections.Concurrent.ConcurrentQueue<string>();
        server.Answer = async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            said.Enqueue($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString} {context.Request.ContentType} {context.Request.ContentLength > 0} {await reader.ReadToEndAsync()}");
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        };
        await Webhook(server, "hook?secret=1").PresentAsync(Record, None).InTime();
        await Webhook(server, "hook?secret=1").CleanUpAsync(Record, None).InTime();
        Assert.Equal(
            ((string[])["present", "cleanup"]).Select(action => $"POST /hook?secret=1 application/json; charset=utf-8 True {{\"action\":\"{action}\",\"name\":\"_acme-challenge.a.test\",\"value\":\"{Record.Value}\"}}"),
            said);
    }

    [Theory]
    [InlineData(500, "no rights\n", "/hook answers 500 to present of _acme-challenge.a.test: no rights")]
    [InlineData(302, "", "/hook answers 302 to present of _acme-challenge.a.test")]
    public async Task A_webhook_that_refuses_says_why_and_its_secret_is_not_told(int status, string body, string words)
    {
        await using var server = await EchoBackend.StartAsync();
        server.Answer = context =>
        {
            (context.Response.StatusCode, context.Response.Headers.Location) = (status, "/elsewhere");
            return context.Response.WriteAsync(body);
        };
        var failure = await Assert.ThrowsAsync<IOException>(() => Webhook(server, "hook?secret=1").PresentAsync(Record, None).InTime());
        Assert.EndsWith(words, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_webhook_that_is_down_or_breaks_off_is_said()
    {
        await using var broken = RawBackend.Answering("HTTP/1.1 2");
        foreach (var port in new[] { RawBackend.Refusing().Port, broken.Destination.Port })
        {
            var hook = DnsHooks.Of(new() { Webhook = new($"http://127.0.0.1:{port}/") }, TimeProvider.System);
            var failure = await Assert.ThrowsAsync<IOException>(() => hook.CleanUpAsync(Record, None).InTime());
            Assert.StartsWith($"http://127.0.0.1:{port}/ cannot be asked to cleanup _acme-challenge.a.test: ", failure.Message, StringComparison.Ordinal);
        }
    }

    private static IDnsHook Webhook(EchoBackend server, string path) => DnsHooks.Of(new() { Webhook = new($"http://127.0.0.1:{server.Port}/{path}") }, TimeProvider.System);

    /// <summary>A file that was open for writing here may still be so in a program that another test starts at this moment, and could not be run.</summary>
    private async Task<IDnsHook> ProgramAsync(string script, TimeProvider? time = null)
    {
        directory.Write("script", $"#!/bin/sh\ncd {directory.Path}\n{script}\n");
        var (code, output, errors) = await RunningProgram.RunAsync("install", ["-m", "700", directory.File("script"), directory.File("program")]);
        Assert.True(code == 0, output + errors);
        return DnsHooks.Of(new() { Program = directory.File("program") }, time ?? TimeProvider.System);
    }
}
