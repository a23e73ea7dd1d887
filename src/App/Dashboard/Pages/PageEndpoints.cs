using Microsoft.AspNetCore.Routing;

namespace IngressController.App.Dashboard.Pages;

/// <summary>
/// The dashboard at <c>/</c>: a page without content of its own, which reads everything under <c>/api/</c>. So whoever may not read the API sees an empty
/// frame, and the page can ask for a token in the first place.
/// </summary>
internal static class PageEndpoints
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    public static void MapPages(this IEndpointRouteBuilder admin)
    {
        foreach (var file in PageFiles.Read())
        {
            admin.MapMethods(file.Path == PageFiles.First ? "/" : $"/{file.Path}", Methods, file.WriteAsync);
        }
    }
}
