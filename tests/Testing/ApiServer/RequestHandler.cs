using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using IngressController.Testing.ApiServer.Access;
using IngressController.Testing.ApiServer.Reading;
using IngressController.Testing.ApiServer.Storage;
using IngressController.Testing.ApiServer.Writing;
using Microsoft.AspNetCore.Http;

namespace IngressController.Testing.ApiServer;

/// <summary>Answers requests in the order of the real server's filters: who, overload, may they, what.</summary>
internal sealed class RequestHandler(ObjectStore store, ObjectWrites writes, Tokens tokens, Rbac rbac, Faults faults, Streams streams, TimeProvider time)
{
    private const string VersionJson = """{"major":"1","minor":"32","gitVersion":"v1.32.13","platform":"linux/amd64"}""";

    public ConcurrentQueue<ObservedRequest> Observed { get; } = new();

    /// <param name="path">Without the base path.</param>
    public async Task AnswerAsync(HttpContext context, string path)
    {
        try
        {
            await AnswerOrThrowAsync(context, path);
        }
        catch (ApiFailure failure) when (!context.Response.HasStarted)
        {
            if (failure.Code == StatusCodes.Status403Forbidden)
            {
                context.Response.Headers.XContentTypeOptions = "nosniff";
            }

            if (failure.Code == StatusCodes.Status504GatewayTimeout)
            {
                context.Response.Headers.RetryAfter = "1";
            }

            await WriteAsync(context, failure.Code, Encoding.UTF8.GetBytes(failure.ToStatus().ToJsonString()));
        }
        catch (Exception e) when (e is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            // The client went away.
        }
    }

    private async Task AnswerOrThrowAsync(HttpContext context, string path)
    {
        var request = ApiRequest.Parse(context.Request, path);
        if (request is not null)
        {
            var resource = request.Subresource.Length == 0 ? request.Resource.Plural : $"{request.Resource.Plural}/{request.Subresource}";
            Observed.Enqueue(new(request.Verb, resource, request.Namespace, request.Name, context.Request.QueryString.Value ?? "", tokens.NameOf(context.Request.Headers.Authorization)));
        }

        var user = tokens.Authenticate(context.Request.Headers.Authorization);
        if (await faults.MeetAsync(context))
        {
            return;
        }

        if (request is null)
        {
            await AnswerOtherAsync(context, path);
            return;
        }

        rbac.Authorize(user, request);
        await AnswerAsync(context, request);
    }

    private async Task AnswerAsync(HttpContext context, ApiRequest request)
    {
        var (resource, query, scope) = (request.Resource, context.Request.Query, request.Resource.IsNamespaced ? request.Namespace : "");
        switch (request.Verb)
        {
            case "get":
                await WriteAsync(context, 200, (store.Latest.Find(resource, scope, request.Name) ?? throw ApiFailure.NotFound(resource, request.Name)).Whole());
                break;
            case "list":
                await WriteAsync(context, 200, new Listing(store).Read(request, scope, query));
                break;
            case "watch":
                await new WatchStream(store, streams, time, resource, scope, query).RunAsync(context);
                break;
            case "create" when request.Name.Length == 0 && (scope.Length > 0 || !resource.IsNamespaced):
                var created = await ReadAsync(context, "application/json");
                await WriteAsync(context, 201, writes.Create(resource, scope, created, ManagerOf(context)).Whole());
                break;
            case "update" when request.Name.Length > 0:
                var wanted = await ReadAsync(context, "application/json");
                await WriteAsync(context, 200, writes.Update(request, _ => wanted, ManagerOf(context)).Whole());
                break;
            case "patch" when request.Name.Length > 0:
                var patch = await ReadAsync(context, "application/merge-patch+json");
                await WriteAsync(context, 200, writes.Update(request, current => MergePatch.Apply(current, patch)!.AsObject(), ManagerOf(context)).Whole());
                break;
            case "delete" when request.Subresource.Length == 0:
                await WriteAsync(context, 200, Deleted(writes.Delete(request)));
                break;
            default:
                throw ApiFailure.MethodNotAllowed();
        }
    }

    private static async Task AnswerOtherAsync(HttpContext context, string path)
    {
        var isHealth = path is "/livez" or "/readyz" or "/healthz";
        context.Response.StatusCode = isHealth || path == "/version" ? 200 : 404;
        context.Response.ContentType = path == "/version" ? "application/json" : "text/plain; charset=utf-8";
        await context.Response.WriteAsync(isHealth ? "ok" : path == "/version" ? VersionJson : "404 page not found\n", context.RequestAborted);
    }

    /// <exception cref="ApiFailure">415 or 400.</exception>
    private static async Task<JsonObject> ReadAsync(HttpContext context, string mediaType)
    {
        var given = context.Request.ContentType?.Split(';')[0].Trim() ?? "";
        if (given != mediaType && !(given.Length == 0 && mediaType == "application/json"))
        {
            throw ApiFailure.UnsupportedMediaType(mediaType);
        }

        try
        {
            return await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted) as JsonObject
                ?? throw ApiFailure.BadRequest("the object provided is unrecognized (must be of type Object)");
        }
        catch (JsonException e)
        {
            throw ApiFailure.BadRequest($"the object provided is unrecognized: {e.Message}");
        }
    }

    /// <summary>Services and Namespaces are answered themselves, other kinds by a Status.</summary>
    private static byte[] Deleted(StoredObject item)
    {
        if (item.Resource.Kind is "Service" or "Namespace")
        {
            return item.Whole();
        }

        var details = ApiFailure.DetailsOf(item.Resource, item.Name);
        details["uid"] = (string?)item.ToJson()["metadata"]!["uid"];
        return JsonSerializer.SerializeToUtf8Bytes(new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Success",
            ["details"] = details,
        });
    }

    private static string ManagerOf(HttpContext context) =>
        context.Request.Headers.UserAgent.ToString().Split('/')[0] is { Length: > 0 } agent ? agent : "unknown";

    private static async Task WriteAsync(HttpContext context, int status, byte[] json)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = json.Length;
        await context.Response.Body.WriteAsync(json, context.RequestAborted);
    }
}
