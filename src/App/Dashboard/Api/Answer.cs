using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace IngressController.App.Dashboard.Api;

/// <summary>Writes answers. None of them is ever kept: they are true for a moment.</summary>
internal static class Answer
{
    /// <param name="make">Null: there is none.</param>
    /// <param name="missing">What to say then.</param>
    public static Task WriteAsync<T>(HttpContext context, Func<IQueryCollection, T?> make, JsonTypeInfo<T> type, string missing)
        where T : class
    {
        try
        {
            return make(context.Request.Query) is { } answer
                ? WriteAsync(context, StatusCodes.Status200OK, answer, type)
                : ErrorAsync(context, StatusCodes.Status404NotFound, missing);
        }
        catch (BadQueryException bad)
        {
            return ErrorAsync(context, StatusCodes.Status400BadRequest, bad.Message);
        }
    }

    public static Task ErrorAsync(HttpContext context, int status, string sentence) => WriteAsync(context, status, new(sentence), ApiJson.Shapes.ErrorItem);

    public static async Task WriteAsync(HttpContext context, int status, ReadOnlyMemory<byte> json)
    {
        Begin(context, status);
        context.Response.ContentLength = json.Length;
        await context.Response.BodyWriter.WriteAsync(json, context.RequestAborted);
    }

    /// <summary>Written as it is made: a long list is never in memory as a whole.</summary>
    private static Task WriteAsync<T>(HttpContext context, int status, T value, JsonTypeInfo<T> type)
    {
        Begin(context, status);
        return JsonSerializer.SerializeAsync(context.Response.BodyWriter, value, type, context.RequestAborted);
    }

    private static void Begin(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
    }
}
