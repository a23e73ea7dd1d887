using Microsoft.AspNetCore.Routing;

namespace IngressController.App.Dashboard.Pages;

/// <summary>
/// The dashboard at <c>/</c>: a page without content of its own, which reads everything under <c>/api/</c>. So whoever may not read the API sees an empty
/// frame, and the page can ask for a token in the first place.
/// </summary>
internal static class PageEndpoints
{
    /// <summary>
    /// Nothing but the program's own files runs, nothing is loaded from or sent to anywhere else, text cannot become markup, and no other page can frame this one.
    /// </summary>
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        + "require-trusted-types-for 'script'; trusted-types 'none'";

    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    public static void MapPages(this IEndpointRouteBuilder admin)
    {
        foreach (var file in PageFiles.Read())
        {
            admin.MapMethods(file.Path == PageFiles.First ? "/" : $"/{file.Path}", Methods, context =>
            {
                Harden(context.Response.Headers);
                return file.WriteAsync(context);
            });
        }
    }

    private static void Harden(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
    }
}
