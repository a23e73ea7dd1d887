using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using IngressController.Kubernetes.Api;

namespace IngressController.Testing.Clusters;

/// <summary>Plain requests to an API server over the program's own transport, and whatever it answers.</summary>
internal sealed class JsonApi(ApiConnection connection) : IDisposable
{
    private readonly Transport transport = new(connection);

    /// <param name="path">Absolute, with its query.</param>
    /// <param name="body">Of a PATCH a merge patch.</param>
    public async Task<(int Status, JsonObject Body)> SendAsync(HttpMethod method, string path, JsonObject? body = null)
    {
        using var request = new HttpRequestMessage(method, connection.Server.AbsoluteUri.TrimEnd('/') + path);
        var credential = await connection.Credentials.GetAsync(TimeProvider.System, CancellationToken.None);
        request.Headers.Authorization = credential.Authorization;
        request.Headers.Accept.Add(new("application/json"));
        request.Headers.UserAgent.Add(new("ingress-controller-tests", "1"));
        request.Headers.Host = connection.ServerName;
        if (body is not null)
        {
            request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(method == HttpMethod.Patch ? "application/merge-patch+json" : "application/json");
        }

        using var response = await transport.SendAsync(request, credential, CancellationToken.None).InTime();
        var text = await response.Content.ReadAsStringAsync().InTime();
        return ((int)response.StatusCode, Parse(text));
    }

    public void Dispose() => transport.Dispose();

    /// <summary>What is no JSON object comes from something before the API server.</summary>
    private static JsonObject Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject ?? new JsonObject { ["message"] = text };
        }
        catch (JsonException)
        {
            return new JsonObject { ["message"] = text };
        }
    }
}
