using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using IngressController.Testing.ApiServer.Access;
using IngressController.Testing.ApiServer.Reading;
using IngressController.Testing.ApiServer.Storage;
using IngressController.Testing.ApiServer.Writing;
using IngressController.Testing.ApiServer.Writing.Decoding;
using IngressController.Testing.ApiServer.Writing.Ownership;
using Microsoft.AspNetCore.Http;

namespace IngressController.Testing.ApiServer;

/// <summary>Answers requests in the order of the real server's filters: who, overload, may they, what.</summary>
internal sealed class RequestHandler(ObjectStore store, ObjectWrites writes, Authentication authentication, Rbac rbac, Faults faults, Streams streams, TimeProvider time)
{
    /// <summary>What the real server names; here the first is understood.</summary>
    private static readonly string[] Formats = ["application/json", "application/yaml", "application/vnd.kubernetes.protobuf"];

    private static readonly string[] Patches = ["application/merge-patch+json", "application/json-patch+json", "application/strategic-merge-patch+json", "application/apply-patch+yaml"];

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
        var user = Observe(context, request);
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

    /// <exception cref="ApiFailure">401.</exception>
    private User Observe(HttpContext context, ApiRequest? request)
    {
        User? user = null;
        try
        {
            return user = authentication.Authenticate(context);
        }
        finally
        {
            if (request is not null)
            {
                var resource = request.Subresource.Length == 0 ? request.Resource.Plural : $"{request.Resource.Plural}/{request.Subresource}";
                Observed.Enqueue(new(request.Verb, resource, request.Namespace, request.Name, context.Request.QueryString.Value ?? "") { User = user?.Name ?? "" });
            }
        }
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
            case "create" when request.Subresource == "token":
                _ = store.Latest.Find(resource, scope, request.Name) ?? throw ApiFailure.NotFound(resource, request.Name);
                var asked = await ReadAsync(context, Formats);
                await WriteAsync(context, 201, JsonSerializer.SerializeToUtf8Bytes(new TokenRequests(authentication, time).Create(request, asked)));
                break;
            case "create" when request.Name.Length == 0 && (scope.Length > 0 || !resource.IsNamespaced):
                var created = FieldValidation.Decode(context, resource, await ReadAsync(context, Formats));
                await WriteAsync(context, 201, writes.Create(resource, scope, created, OwnerOf(context, request)).Whole());
                break;
            case "update" when request.Name.Length > 0:
                var wanted = FieldValidation.Decode(context, resource, await ReadAsync(context, Formats));
                await WriteAsync(context, 200, writes.Update(request, _ => wanted, OwnerOf(context, request)).Whole());
                break;
            case "patch" when request.Name.Length > 0:
                var patch = await ReadAsync(context, Patches);
                await WriteAsync(context, 200, writes.Update(request, current => FieldValidation.Decode(context, resource, MergePatch.Apply(current, patch)!.AsObject(), isPatched: true), OwnerOf(context, request)).Whole());
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
    private static async Task<JsonObject> ReadAsync(HttpContext context, string[] mediaTypes)
    {
        var given = context.Request.ContentType?.Split(';')[0].Trim() ?? "";
        if (given != mediaTypes[0] && !(given.Length == 0 && mediaTypes == Formats))
        {
            throw ApiFailure.UnsupportedMediaType(mediaTypes);
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

    private static FieldOwner OwnerOf(HttpContext context, ApiRequest request)
    {
        var agent = context.Request.Headers.UserAgent.ToString().Split('/')[0];
        var manager = (string?)context.Request.Query["fieldManager"] is { Length: > 0 } given ? given : agent.Length > 0 ? agent : "unknown";
        return new(manager, request.Subresource);
    }

    private async Task WriteAsync(HttpContext context, int status, byte[] json)
    {
        await faults.BeforeAnswerAsync(context);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = json.Length;
        await context.Response.Body.WriteAsync(json, context.RequestAborted);
    }
}
