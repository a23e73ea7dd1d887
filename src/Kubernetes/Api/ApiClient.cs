using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using IngressController.Kubernetes.Api.Identity;
using Microsoft.Extensions.Logging;

namespace IngressController.Kubernetes.Api;

/// <summary>One API server, one identity. Thread-safe.</summary>
/// <remarks>
/// Every method throws <see cref="ApiException"/> where the server answers something other than success, <see cref="ConnectionException"/> where there is no
/// credential to be had, <see cref="HttpRequestException"/> or <see cref="IOException"/> where there is no answer, and <see cref="TimeoutException"/> where there is
/// none in time. Paths are absolute, with their query, e.g. <c>/api/v1/namespaces/shop/services?limit=1</c>.
/// </remarks>
public sealed class ApiClient(ApiConnection connection, TimeProvider time, ILogger<ApiClient> logger) : IDisposable
{
    /// <summary>For the whole of a small exchange, and for the headers of every answer.</summary>
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(30);

    private readonly Transport transport = new(connection);

    public ApiConnection Connection => connection;

    public Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        ExchangeAsync(HttpMethod.Get, path, null, type, cancellationToken);

    public Task<T> CreateAsync<T>(string path, T body, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        ExchangeAsync(HttpMethod.Post, path, Json(JsonSerializer.SerializeToUtf8Bytes(body, type)), type, cancellationToken);

    public Task<T> ReplaceAsync<T>(string path, T body, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        ExchangeAsync(HttpMethod.Put, path, Json(JsonSerializer.SerializeToUtf8Bytes(body, type)), type, cancellationToken);

    /// <param name="path">The object or its subresource.</param>
    /// <param name="mergePatchJson">RFC 7386.</param>
    public async Task PatchAsync(string path, ReadOnlyMemory<byte> mergePatchJson, CancellationToken cancellationToken) =>
        await InTimeAsync(
            async stop =>
            {
                using var response = await SendAsync(HttpMethod.Patch, path, (mergePatchJson, "application/merge-patch+json"), stop);
                return true;
            },
            cancellationToken);

    /// <summary>As above.</summary>
    /// <returns>The object as it is then.</returns>
    public Task<T> PatchAsync<T>(string path, ReadOnlyMemory<byte> mergePatchJson, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        ExchangeAsync(HttpMethod.Patch, path, (mergePatchJson, "application/merge-patch+json"), type, cancellationToken);

    public void Dispose() => transport.Dispose();

    /// <summary>An answer whose body comes as it is read, however long that takes: a page of a list, or a watch stream.</summary>
    internal Task<HttpResponseMessage> OpenAsync(string path, CancellationToken cancellationToken) =>
        InTimeAsync(stop => SendAsync(HttpMethod.Get, path, null, stop), cancellationToken);

    private static (ReadOnlyMemory<byte>, string) Json(byte[] body) => (body, "application/json");

    private Task<T> ExchangeAsync<T>(
        HttpMethod method, string path, (ReadOnlyMemory<byte>, string)? body, JsonTypeInfo<T> type, CancellationToken cancellationToken) => InTimeAsync(
            async stop =>
            {
                using var response = await SendAsync(method, path, body, stop);
                await using var json = await response.Content.ReadAsStreamAsync(stop);
                return await JsonSerializer.DeserializeAsync(json, type, stop)
                    ?? throw new ApiException(response.StatusCode, "", $"the answer to {method} {path} is null");
            },
            cancellationToken);

    private async Task<T> InTimeAsync<T>(Func<CancellationToken, Task<T>> exchange, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(AnswerTime, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            return await exchange(stop.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"{connection.Server} did not answer within {AnswerTime.TotalSeconds:0} s", e);
        }
        catch (JsonException e)
        {
            throw new IOException($"{connection.Server} answered something that is not the API's JSON", e);
        }
    }

    /// <summary>A token that expired is obtained anew once.</summary>
    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, (ReadOnlyMemory<byte>, string)? body, CancellationToken cancellationToken)
    {
        for (var isFirst = true; ; isFirst = false)
        {
            var credential = await connection.Credentials.GetAsync(time, cancellationToken);
            var response = await transport.SendAsync(Request(method, path, body, credential), credential, cancellationToken);
            if (response.IsSuccessStatusCode)
            {
                return response;
            }

            using (response)
            {
                if (response.StatusCode == HttpStatusCode.Unauthorized)
                {
                    connection.Credentials.Refuse(credential);
                    if (isFirst)
                    {
                        Log.CredentialRefused(logger, connection.Description);
                        continue;
                    }
                }

                throw await StatusBody.ReadAsync(response, time, cancellationToken);
            }
        }
    }

    private HttpRequestMessage Request(HttpMethod method, string path, (ReadOnlyMemory<byte> Bytes, string Type)? body, Credential credential)
    {
        var request = new HttpRequestMessage(method, connection.Server.GetLeftPart(UriPartial.Path).TrimEnd('/') + path);
        request.Headers.Accept.Add(new("application/json"));
        request.Headers.UserAgent.Add(new("ingress-controller", typeof(ApiClient).Assembly.GetName().Version?.ToString(3)));
        request.Headers.Authorization = credential.Authorization;
        request.Headers.Host = connection.ServerName; // .NET takes the name for SNI and for the certificate from here
        if (body is { } content)
        {
            request.Content = new ReadOnlyMemoryContent(content.Bytes) { Headers = { ContentType = new MediaTypeHeaderValue(content.Type) } };
        }

        return request;
    }
}
