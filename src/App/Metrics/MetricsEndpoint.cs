using System.IO.Compression;
using IngressController.App.Metrics.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace IngressController.App.Metrics;

/// <summary><c>/metrics</c>, as Prometheus scrapes it.</summary>
internal sealed class MetricsEndpoint(MetricPull pull, TimeProvider time)
{
    /// <summary>Answers are megabytes where clusters are big, and whoever takes one slowly has it kept for so long.</summary>
    private const int MostAtOnce = 16;

    /// <summary>Longer than scrapers wait, and short enough that those who take nothing keep nobody else from an answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    private int atOnce;

    public void Map(IEndpointRouteBuilder admin) => admin.MapMethods("/metrics", Methods, AnswerAsync);

    private async Task AnswerAsync(HttpContext context)
    {
        var response = context.Response;
        response.Headers.CacheControl = "no-store";
        using var deadline = new CancellationTokenSource(Patience, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, deadline.Token);
        await using var abort = deadline.Token.UnsafeRegister(static context => ((HttpContext)context!).Abort(), context);
        try
        {
            if (Interlocked.Increment(ref atOnce) > MostAtOnce)
            {
                response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return;
            }

            await WriteAsync(context, end.Token);
        }
        catch (Exception e) when (end.IsCancellationRequested && e is OperationCanceledException or IOException)
        {
            // Whoever asked has gone or takes too long; nothing is lost, the next answer has it all.
        }
        finally
        {
            Interlocked.Decrement(ref atOnce);
        }
    }

    private async Task WriteAsync(HttpContext context, CancellationToken end)
    {
        var asked = context.Request.GetTypedHeaders();
        var response = context.Response;
        var format = Asked.Format(asked);
        response.ContentType = format.ContentType();
        response.Headers.Vary = "Accept, Accept-Encoding";
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }

        using var pages = pull.Read(format);
        if (pages is null)
        {
            response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        if (!Asked.Gzip(asked))
        {
            response.ContentLength = pages.Length;
            await pages.CopyToAsync(response.Body, end);
            return;
        }

        response.Headers.ContentEncoding = "gzip";
        await using var gzip = new GZipStream(response.Body, CompressionLevel.Fastest, leaveOpen: true);
        await pages.CopyToAsync(gzip, end);
    }
}
