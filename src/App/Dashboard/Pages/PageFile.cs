using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace IngressController.App.Dashboard.Pages;

/// <summary>A file of the dashboard, as it lies in the program.</summary>
/// <param name="path">Below the page, with <c>/</c>.</param>
internal sealed class PageFile(string path, byte[] content)
{
    private readonly EntityTagHeaderValue plainTag = Tag(content, "");
    private readonly EntityTagHeaderValue compressedTag = Tag(content, "-gzip");
    private readonly Lazy<byte[]> compressed = new(() => Compress(content));

    public string Path => path;

    public int Length => content.Length;

    private string ContentType { get; } = System.IO.Path.GetExtension(path) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        var other => throw new InvalidOperationException($"{path}: what is a {other}?"),
    };

    /// <summary>200, or 304 where the browser has it. A browser always asks, so that after an upgrade no file of the old program meets one of the new.</summary>
    public async Task WriteAsync(HttpContext context)
    {
        var (asked, response) = (context.Request.GetTypedHeaders(), context.Response);
        var isCompressed = asked.AcceptEncoding.Any(encoding => encoding.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase) && encoding.Quality is null or > 0);
        var tag = isCompressed ? compressedTag : plainTag;
        response.Headers.ETag = tag.ToString();
        response.Headers.Vary = HeaderNames.AcceptEncoding;
        response.Headers.CacheControl = "no-cache";
        if (asked.IfNoneMatch.Any(known => known.Compare(tag, useStrongComparison: false) || known == EntityTagHeaderValue.Any))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        var body = isCompressed ? compressed.Value : content;
        response.Headers.ContentEncoding = isCompressed ? "gzip" : default;
        response.ContentType = ContentType;
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.Body.WriteAsync(body, context.RequestAborted);
        }
    }

    private static EntityTagHeaderValue Tag(byte[] content, string suffix) => new($"\"{Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 12))}{suffix}\"");

    private static byte[] Compress(byte[] content)
    {
        using var output = new MemoryStream();
        using (var stream = new GZipStream(output, CompressionLevel.SmallestSize))
        {
            stream.Write(content);
        }

        return output.ToArray();
    }
}
