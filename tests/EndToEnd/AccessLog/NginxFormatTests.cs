using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using IngressController.Testing;

namespace IngressController.EndToEnd.AccessLog;

/// <summary>The format <c>nginx</c> against a real nginx: the same bytes go to both, and the same line comes out but for times.</summary>
public sealed class NginxFormatTests(NginxWorld world) : IClassFixture<NginxWorld>
{
    [Theory]
    [InlineData("GET /cart?x=1&y=2 HTTP/1.1", "Referer: http://a.test/from?b=c", "User-Agent: curl/8.5.0")]
    [InlineData("GET / HTTP/1.1")]
    [InlineData("GET / HTTP/1.1", "Referer: ", "User-Agent: ")]
    [InlineData("GET / HTTP/1.0", "User-Agent: old")]
    [InlineData("HEAD /head HTTP/1.1", "User-Agent: a")]
    [InlineData("DELETE /204 HTTP/1.1")]
    [InlineData("OPTIONS /304 HTTP/1.1", "If-None-Match: x")]
    [InlineData("GET /404 HTTP/1.1")]
    [InlineData("GET http://shop.test/absolute?x=1 HTTP/1.1")]
    [InlineData("GET /a%20b/%c3%a9/..%2f//x?;=&& HTTP/1.1")]
    [InlineData("GET /'quote\"|^`{}<>\\x22 HTTP/1.1", "Referer: \"[x]\" \\ \\x22", "User-Agent: \"a\" [b] 'c' \\d")]
    [InlineData("GET / HTTP/1.1", "Referer: \u00e9\u00c3\u00a9\u00ff", "User-Agent: a\tb\u0001c\u001bd\u007fe\u0080f\u009fg")]
    [InlineData("GET / HTTP/1.1", "Authorization: Basic YWxpY2U6c2VjcmV0")] // alice:secret
    [InlineData("GET / HTTP/1.1", "authorization: basic   YSBiIjrpOnNlY3JldA==")] // 'a b"', and a password with a colon
    [InlineData("GET / HTTP/1.1", "Authorization: Basic YWxpY2U=")] // without a colon
    [InlineData("GET / HTTP/1.1", "Authorization: Basic OnNlY3JldA==")] // without a name
    [InlineData("GET / HTTP/1.1", "Authorization: Basic !!!!")]
    [InlineData("GET / HTTP/1.1", "Authorization: Bearer abc")]
    [InlineData("GET / HTTP/1.1", "X-Long: 0123456789012345678901234567890123456789", "Cookie: a=b; c=d", "Accept: */*", "Accept: text/html")]
    public Task A_request_has_nginx_s_line(string requestLine, params string[] headers) => CompareAsync("shop.test", requestLine, headers);

    [Fact]
    public Task A_request_with_a_long_header_has_nginx_s_line() =>
        CompareAsync("shop.test", "GET /?" + new string('a', 3000) + " HTTP/1.1", "User-Agent: " + new string('"', 6000));

    [Fact]
    public async Task A_request_with_a_body_has_nginx_s_line()
    {
        var id = world.NewId();
        var request = Request("shop.test", "POST /form HTTP/1.1", id, "Content-Length: 7", "Content-Type: text/plain") + "a=b&c=d";
        await NginxWorld.SendAsync(world.Nginx.Port, request);
        await NginxWorld.SendAsync(world.Proxy.Address.Port, request);
        Assert.Equal(Comparable(await world.Nginx.LineAsync(id), id), Comparable(await world.Proxy.Log.LineAsync(id), id));
    }

    [Theory]
    [InlineData("down.test", 502, "-", "502")]
    [InlineData("rude.test", 502, "-", "502")]
    [InlineData("nobody.test", 404, "upstream-default-backend", "-")]
    public async Task A_request_that_no_backend_answers_has_nginx_s_line(string host, int status, string name, string upstream)
    {
        var line = await CompareAsync(host, "GET /x HTTP/1.1", isErrorPage: true);
        Assert.Contains($"\" {status} ", line, StringComparison.Ordinal);
        Assert.EndsWith($" {upstream} ID", line, StringComparison.Ordinal);
        Assert.True(name == "-" || line.Contains($"[{name}] []", StringComparison.Ordinal), line);
    }

    [Theory]
    [InlineData("half.test", "502, 200")]
    [InlineData("third.test", "502, 502, 200")]
    public async Task Several_tries_are_nginx_s_lists(string host, string statuses)
    {
        var theirs = await AskNginxAsync(host);
        string ours;
        var rounds = 0;
        do
        {
            var id = world.NewId();
            await NginxWorld.SendAsync(world.Proxy.Address.Port, Request(host, "GET /x HTTP/1.1", id));
            ours = Comparable(await world.Proxy.Log.LineAsync(id), id);
            Assert.InRange(++rounds, 1, 30);
        }
        while (!ours.Contains(statuses, StringComparison.Ordinal)); // whose turn it is first changes from request to request

        Assert.Contains($" 0, {(statuses.Length > 9 ? "0, " : "")}5 ", theirs, StringComparison.Ordinal);
        Assert.Equal(Sorted(theirs), Sorted(ours));
    }

    [Fact]
    public async Task A_client_that_leaves_has_nginx_s_line()
    {
        var (theirs, ours) = (world.NewId(), world.NewId());
        await world.SendAndLeaveAsync(world.Nginx.Port, Request("silent.test", "GET /x HTTP/1.1", theirs));
        await world.SendAndLeaveAsync(world.Proxy.Address.Port, Request("silent.test", "GET /x HTTP/1.1", ours));
        var line = Comparable(await world.Nginx.LineAsync(theirs), theirs);
        Assert.Contains("\" 499 0 ", line, StringComparison.Ordinal);
        Assert.Equal(line, Comparable(await world.Proxy.Log.LineAsync(ours), ours));
    }

    [Fact]
    public async Task HTTP_2_has_nginx_s_line_but_for_the_sizes_of_its_frames()
    {
        var id = world.NewId();
        foreach (var port in (int[])[world.Nginx.Http2Port, world.Proxy.Address.Port])
        {
            using var client = world.Proxy.CreateClient(version: HttpVersion.Version20);
            client.BaseAddress = new UriBuilder(client.BaseAddress!) { Port = port }.Uri;
            client.DefaultRequestHeaders.Host = "shop.test";
            client.DefaultRequestHeaders.TryAddWithoutValidation("X-Request-ID", id);
            client.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", "h2 \"quoted\"");
            Assert.Equal("hello", await client.GetStringAsync("/two?x=1"));
        }

        static string WithoutSizes(string line) => Regex.Replace(Regex.Replace(line, "\" 200 \\d+ ", "\" 200 SENT "), "\" \\d+ TIME", "\" LENGTH TIME");
        var line = WithoutSizes(Comparable(await world.Nginx.LineAsync(id), id));
        Assert.Contains("\"GET /two?x=1 HTTP/2.0\"", line, StringComparison.Ordinal);
        Assert.Equal(line, WithoutSizes(Comparable(await world.Proxy.Log.LineAsync(id), id)));
    }

    [Fact]
    public async Task A_request_without_an_id_gets_one_like_nginx_s()
    {
        var mark = world.NewId();
        await NginxWorld.SendAsync(world.Proxy.Address.Port, $"GET /{mark} HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n");
        Assert.Matches(" 200 [0-9a-f]{32}$", await world.Proxy.Log.LineAsync(mark));
    }

    private async Task<string> AskNginxAsync(string host)
    {
        var id = world.NewId();
        await NginxWorld.SendAsync(world.Nginx.Port, Request(host, "GET /x HTTP/1.1", id));
        return Comparable(await world.Nginx.LineAsync(id), id);
    }

    private Task<string> CompareAsync(string host, string requestLine, params string[] headers) => CompareAsync(host, requestLine, false, headers);

    private async Task<string> CompareAsync(string host, string requestLine, bool isErrorPage, params string[] headers)
    {
        var id = world.NewId();
        var request = Request(host, requestLine, id, headers);
        await NginxWorld.SendAsync(world.Nginx.Port, request);
        await NginxWorld.SendAsync(world.Proxy.Address.Port, request);
        string Page(string line) => isErrorPage ? Regex.Replace(line, "(\" [45]\\d\\d) \\d+ ", "$1 PAGE ") : line; // each has its own
        var theirs = Page(Comparable(await world.Nginx.LineAsync(id), id));
        Assert.Equal(theirs, Page(Comparable(await world.Proxy.Log.LineAsync(id), id)));
        return theirs;
    }

    private static string Request(string host, string requestLine, string id, params string[] headers)
    {
        var request = new StringBuilder($"{requestLine}\r\nHost: {host}\r\nX-Request-ID: {id}\r\nConnection: close\r\n");
        Array.ForEach(headers, header => request.Append(header).Append("\r\n"));
        return request.Append("\r\n").ToString();
    }

    /// <summary>What must differ becomes a word, where it has nginx's form.</summary>
    private static string Comparable(string line, string id)
    {
        line = Regex.Replace(line, @"(?<= \[)\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d(?= [+-]\d{4}\] "")", "NOW");
        line = Regex.Replace(line, @"(?<= )\d+\.\d{3}(?=[ ,])", "TIME");
        return line.Replace(' ' + id, " ID", StringComparison.Ordinal);
    }

    /// <summary>The destinations before the last are tried in any order.</summary>
    private static string Sorted(string line) =>
        Regex.Replace(line, @"127\.0\.0\.1:\d+(, 127\.0\.0\.1:\d+)+", list => string.Join(", ", list.Value.Split(", ").Order(StringComparer.Ordinal)));
}
