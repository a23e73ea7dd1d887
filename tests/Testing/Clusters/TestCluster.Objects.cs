using System.Net;
using System.Text.Json.Nodes;
using IngressController.Testing.ApiServer;
using IngressController.Testing.ApiServer.Storage;

namespace IngressController.Testing.Clusters;

/// <summary>What a test does to the cluster's objects, and what it asks of them.</summary>
public sealed partial class TestCluster
{
    /// <summary>Another namespace of this test.</summary>
    public async Task<string> AddNamespaceAsync(string suffix)
    {
        await ApplyAsync($$$"""{apiVersion: v1, kind: Namespace, metadata: {name: {{{Namespace}}}-{{{suffix}}}}}""");
        return $"{Namespace}-{suffix}";
    }

    /// <summary>Creates or replaces the objects of YAML documents, with status.</summary>
    public async Task ApplyAsync(string yaml)
    {
        foreach (var document in YamlObjects.Read(yaml))
        {
            await ApplyAsync(document);
        }
    }

    /// <summary>As <see cref="ApplyAsync(string)"/>.</summary>
    public async Task ApplyAsync(JsonObject item)
    {
        var resource = ApiResource.OfKind((string)item["kind"]!);
        var metadata = item["metadata"]!.AsObject();
        var (name, @namespace) = ((string)metadata["name"]!, (string?)metadata["namespace"] ?? Namespace);
        (metadata["labels"] ??= new JsonObject())[Label] = "yes";
        metadata.Remove("resourceVersion");
        var (collection, path) = (PathOf(resource, @namespace), $"{PathOf(resource, @namespace)}/{name}");
        if (!resource.IsNamespaced)
        {
            made.Push(path); // before it is made: an answer that gets lost leaves it too
        }

        await ReplaceAsync(collection, path, item);
        if (resource.HasStatus && item["status"] is { } status)
        {
            await ExpectAsync(HttpMethod.Patch, $"{path}/status", new JsonObject { ["status"] = status.DeepClone() });
        }
    }

    /// <summary>Null where there is none.</summary>
    /// <param name="namespace">The test's own where null; without meaning for what is in none.</param>
    public async Task<JsonObject?> FindAsync(string kind, string name, string? @namespace = null)
    {
        var (status, answer) = await api.SendAsync(HttpMethod.Get, PathOf(kind, name, @namespace));
        return status == (int)HttpStatusCode.NotFound ? null : Check(status, answer, $"GET {kind} {name}");
    }

    /// <summary>All of a namespace.</summary>
    public async Task<IReadOnlyList<JsonObject>> AllAsync(string kind, string? @namespace = null)
    {
        var list = await ExpectAsync(HttpMethod.Get, PathOf(ApiResource.OfKind(kind), @namespace ?? Namespace));
        return [.. (list["items"] as JsonArray ?? []).Select(item => item!.AsObject())];
    }

    public async Task DeleteAsync(string kind, string name, string? @namespace = null) => await ExpectAsync(HttpMethod.Delete, PathOf(kind, name, @namespace));

    /// <param name="patch">A merge patch.</param>
    public async Task PatchAsync(string kind, string name, string patch, string? @namespace = null) =>
        await ExpectAsync(HttpMethod.Patch, PathOf(kind, name, @namespace), JsonNode.Parse(patch)!.AsObject());

    /// <param name="status">The whole status, as JSON.</param>
    public async Task PatchStatusAsync(string kind, string name, string status, string? @namespace = null) =>
        await ExpectAsync(HttpMethod.Patch, $"{PathOf(kind, name, @namespace)}/status", new JsonObject { ["status"] = JsonNode.Parse(status) });

    /// <summary>The answer to a creation, whatever it is.</summary>
    public Task<(int Status, JsonObject Body)> TryCreateAsync(string yaml)
    {
        var item = YamlObjects.Read(yaml).Single();
        return api.SendAsync(HttpMethod.Post, PathOf(ApiResource.OfKind((string)item["kind"]!), Namespace), item);
    }

    /// <summary>The answer to a replacement, whatever it is.</summary>
    public Task<(int Status, JsonObject Body)> TryReplaceAsync(JsonObject item) =>
        api.SendAsync(HttpMethod.Put, PathOf((string)item["kind"]!, (string)item["metadata"]!["name"]!, (string?)item["metadata"]!["namespace"]), item);

    /// <summary>What is there already is changed, however often somebody else comes between.</summary>
    private async Task ReplaceAsync(string collection, string path, JsonObject item)
    {
        var (status, answer) = await api.SendAsync(HttpMethod.Post, collection, item);
        while (status == (int)HttpStatusCode.Conflict)
        {
            var (_, current) = await api.SendAsync(HttpMethod.Get, path);
            item["metadata"]!["resourceVersion"] = current["metadata"]?["resourceVersion"]?.DeepClone();
            (status, answer) = await api.SendAsync(HttpMethod.Put, path, item);
        }

        Check(status, answer, $"PUT {path}");
    }

    private string PathOf(string kind, string name, string? @namespace) => $"{PathOf(ApiResource.OfKind(kind), @namespace ?? Namespace)}/{name}";

    private static string PathOf(ApiResource resource, string @namespace) =>
        (resource.Group.Length == 0 ? "/api/v1/" : $"/apis/{resource.Group}/{resource.Version}/") + (resource.IsNamespaced ? $"namespaces/{@namespace}/" : "") + resource.Plural;

    private async Task<JsonObject> ExpectAsync(HttpMethod method, string path, JsonObject? body = null)
    {
        var (status, answer) = await api.SendAsync(method, path, body);
        return Check(status, answer, $"{method} {path}");
    }

    private static JsonObject Check(int status, JsonObject answer, string what) =>
        status is >= 200 and < 300 ? answer : throw new InvalidOperationException($"{what}: {status} {answer["message"]}");
}
