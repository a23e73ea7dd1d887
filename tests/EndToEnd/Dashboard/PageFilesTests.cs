using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using IngressController.App.Dashboard.Pages;
using IngressController.EndToEnd.App;
using IngressController.Testing;

namespace IngressController.EndToEnd.Dashboard;

/// <summary>The dashboard as files; tests/Browser looks at it in a browser.</summary>
public sealed class PageFilesTests : IAsyncLifetime, IDisposable
{
    private const int Largest = 200_000;

    private readonly TemporaryDirectory manifests = new();
    private ControllerProcess controller = null!;

    public async Task InitializeAsync()
    {
        manifests.Write("class.yaml", World.Class);
        controller = await ControllerProcess.StartAsync(manifests.Path);
    }

    public async Task DisposeAsync() => await controller.DisposeAsync();

    public void Dispose() => manifests.Dispose();

    [Fact]
    public void All_of_it_is_small() => Assert.InRange(PageFiles.Read().Sum(file => file.Length), 20_000, Largest);

    [Fact]
    public void The_page_has_no_inline_script_or_style_and_names_nothing_elsewhere()
    {
        foreach (var file in Directory.GetFiles(Repository.Path("src/App/Dashboard/Pages/Files"), "*", SearchOption.AllDirectories))
        {
            var text = File.ReadAllText(file);
            Assert.DoesNotMatch(@"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=""|javascript:", text);
            Assert.DoesNotMatch(@"(href|src)=""/|from '/|`/?/api|'/api", text); // relative, so that it works below any path
            Assert.DoesNotMatch(@"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", text);
            Assert.All(Regex.Matches(text, @"https?://[\w.-]+").Select(match => match.Value), address => Assert.Contains(address, new[] { "http://www.w3.org", "https://shop.example.com" }));
        }
    }

    [Fact]
    public async Task Every_file_comes_with_its_type_and_can_be_loaded_by_the_page()
    {
        foreach (var path in PageFiles.Read().Select(file => file.Path == PageFiles.First ? "/" : $"/{file.Path}"))
        {
            using var response = await controller.Admin.GetAsync(path);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal("no-cache", response.Headers.CacheControl!.ToString());
            Assert.Equal(
                path.Split('.')[^1] switch { "js" => "text/javascript", "css" => "text/css", "svg" => "image/svg+xml", _ => "text/html" },
                response.Content.Headers.ContentType!.MediaType);
        }

        var page = await controller.Admin.GetStringAsync("/");
        foreach (var name in Regex.Matches(page, @"(?:href|src)=""([^""#]+)""").Select(match => match.Groups[1].Value))
        {
            using var response = await controller.Admin.GetAsync($"/{name}");
            Assert.True(response.IsSuccessStatusCode, name);
        }
    }

    [Fact]
    public async Task The_page_is_hardened()
    {
        using var response = await controller.Admin.GetAsync("/");
        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("style-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("require-trusted-types-for 'script'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("no-referrer", response.Headers.GetValues("Referrer-Policy").Single());
    }

    [Fact]
    public async Task A_browser_that_has_a_file_does_not_get_it_again()
    {
        using var first = await controller.Admin.GetAsync("/app.js");
        using var again = await SendAsync(HttpMethod.Get, "/app.js", request => request.Headers.IfNoneMatch.Add(first.Headers.ETag!));
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Empty(await again.Content.ReadAsByteArrayAsync());
        using var other = await SendAsync(HttpMethod.Get, "/app.js", request => request.Headers.IfNoneMatch.Add(new EntityTagHeaderValue("\"another\"")));
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Fact]
    public async Task A_browser_that_takes_gzip_gets_the_same_in_less()
    {
        var plain = await controller.Admin.GetByteArrayAsync("/app.js");
        using var response = await SendAsync(HttpMethod.Get, "/app.js", request => request.Headers.AcceptEncoding.ParseAdd("gzip"));
        Assert.Equal(["gzip"], response.Content.Headers.ContentEncoding);
        Assert.Contains("Accept-Encoding", response.Headers.Vary);
        var compressed = await response.Content.ReadAsByteArrayAsync();
        Assert.True(compressed.Length < plain.Length / 2);
        using var stream = new GZipStream(new MemoryStream(compressed), CompressionMode.Decompress);
        using var unpacked = new MemoryStream();
        await stream.CopyToAsync(unpacked);
        Assert.Equal(plain, unpacked.ToArray());
        using var refused = await SendAsync(HttpMethod.Get, "/app.js", request => request.Headers.AcceptEncoding.ParseAdd("gzip;q=0"));
        Assert.Empty(refused.Content.Headers.ContentEncoding);
    }

    [Fact]
    public async Task Heads_have_no_body_and_nothing_is_written_to()
    {
        using var head = await SendAsync(HttpMethod.Head, "/", _ => { });
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.True(head.Content.Headers.ContentLength > 0);
        using var post = await SendAsync(HttpMethod.Post, "/", _ => { });
        Assert.Equal(HttpStatusCode.MethodNotAllowed, post.StatusCode);
    }

    [Theory]
    [InlineData("/nothing.js")]
    [InlineData("/index.html")]
    [InlineData("/style/")]
    [InlineData("/..%2fappsettings.json")]
    public async Task Nothing_else_is_there(string path)
    {
        using var response = await controller.Admin.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, Action<HttpRequestMessage> prepare)
    {
        using var request = new HttpRequestMessage(method, path);
        prepare(request);
        return await controller.Admin.SendAsync(request);
    }
}
