using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Routing;

namespace IngressController.App.Dashboard.Api;

/// <summary>What the dashboard shows, as JSON for everybody; docs/admin-api.md. Reads only.</summary>
internal sealed class AdminApi(
    Views views, OverviewSource overviews, HostList hosts, HostPage host, BackendList backends, CertificateList certificates, ProblemItems problems, TopList top, ExplainPage explain, LiveEvents live)
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    /// <param name="stopping">Ends what would go on for ever.</param>
    public void Map(IEndpointRouteBuilder admin, CancellationToken stopping)
    {
        MapAnswer(admin, "/api/overview", query => Plain(query, overviews.Whole), ApiJson.Shapes.Overview);
        MapAnswer(admin, "/api/hosts", hosts.Find, ApiJson.Shapes.PageHostItem);
        MapAnswer(admin, "/api/backends", backends.Find, ApiJson.Shapes.PageBackendItem);
        MapAnswer(admin, "/api/choices", query => Plain(query, () => views.Now.Choices), ApiJson.Shapes.Choices);
        MapAnswer(admin, "/api/certificates", certificates.Find, ApiJson.Shapes.PageCertificateItem);
        MapAnswer(admin, "/api/problems", problems.Find, ApiJson.Shapes.PageProblemItem);
        MapAnswer(admin, "/api/top", top.Find, ApiJson.Shapes.PageTopItem);
        MapAnswer(admin, "/api/explain", explain.Explain, ApiJson.Shapes.ExplainedPage);
        admin.MapMethods("/api/hosts/{host}", Methods, context => HostAsync(context, (string)context.GetRouteValue("host")!));
        admin.MapMethods("/api/openapi.json", Methods, context => Answer.WriteAsync(context, StatusCodes.Status200OK, OpenApiDocument.Bytes));
        MapStream(admin, "/api/tail", (context, end) => live.TailAsync(context.Response, TailFilter.Read(context.Request.Query), end), stopping);
        MapStream(admin, "/api/events", (context, end) => live.OverviewsAsync(context.Response, Plain(context.Request.Query, () => end)), stopping);
        admin.Map("/api/{**rest}", context => Answer.ErrorAsync(context, StatusCodes.Status404NotFound, "there is nothing here; /api/openapi.json says what there is"));
    }

    private Task HostAsync(HttpContext context, string name) =>
        Answer.WriteAsync(context, query => Plain(query, () => host.Find(name)), ApiJson.Shapes.HostDetail, host.Missing(name));

    private static T Plain<T>(IQueryCollection query, Func<T> make)
    {
        _ = new QueryText(query);
        return make();
    }

    private static void MapAnswer<T>(IEndpointRouteBuilder admin, string path, Func<IQueryCollection, T> make, JsonTypeInfo<T> type)
        where T : class => admin.MapMethods(path, Methods, context => Answer.WriteAsync(context, make, type, ""));

    private static void MapStream(IEndpointRouteBuilder admin, string path, Func<HttpContext, CancellationToken, Task<bool>> watch, CancellationToken stopping) =>
        admin.MapMethods(path, Methods, async context =>
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
            if (HttpMethods.IsHead(context.Request.Method))
            {
                await end.CancelAsync();
            }

            try
            {
                if (!await watch(context, end.Token))
                {
                    await Answer.ErrorAsync(context, StatusCodes.Status503ServiceUnavailable, $"{LiveEvents.MostWatchers} watch already, and there may be no more");
                }
            }
            catch (BadQueryException bad)
            {
                await Answer.ErrorAsync(context, StatusCodes.Status400BadRequest, bad.Message);
            }
        });
}
