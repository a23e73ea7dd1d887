using System.Net.Http.Json;
using System.Text.Json.Serialization;

namespace IngressController.Certificates.Acme.Dns;

/// <summary>A server that makes the records: it gets <c>{"action":"present","name":"...","value":"..."}</c> or <c>"cleanup"</c> by POST, and succeeds where it answers 2xx.</summary>
internal sealed class WebhookHook(Uri address, TimeProvider time) : IDnsHook
{
    /// <summary>As <see cref="ProgramHook"/>'s.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public Task PresentAsync(TxtRecord record, CancellationToken cancellationToken) => PostAsync("present", record, cancellationToken);

    public Task CleanUpAsync(TxtRecord record, CancellationToken cancellationToken) => PostAsync("cleanup", record, cancellationToken);

    private async Task PostAsync(string action, TxtRecord record, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(Patience, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        using var client = Connect();
        try
        {
            using var content = JsonContent.Create(new WebhookRequest(action, record.Name, record.Value), WebhookJson.Default.WebhookRequest);
            await content.LoadIntoBufferAsync(stop.Token); // with a length: small servers know no chunks
            using var response = await client.PostAsync(address, content, stop.Token);
            if (!response.IsSuccessStatusCode)
            {
                var said = LastWords.Of(await response.Content.ReadAsStringAsync(stop.Token));
                throw new IOException($"{Where} answers {(int)response.StatusCode} to {action} of {record.Name}{(said.Length > 0 ? $": {said}" : "")}");
            }
        }
        catch (HttpRequestException failure)
        {
            throw new IOException($"{Where} cannot be asked to {action} {record.Name}: {failure.Message}", failure);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"{Where} did not answer within {Patience.TotalMinutes:0} minutes");
        }
    }

    /// <summary>Without query and password.</summary>
    private string Where => address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);

    /// <summary>For each call: there are few.</summary>
    private static HttpClient Connect() => new(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(10) })
    {
        Timeout = Timeout.InfiniteTimeSpan,
        MaxResponseContentBufferSize = 64 * 1024,
    };
}

internal sealed record WebhookRequest(string Action, string Name, string Value);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(WebhookRequest))]
internal sealed partial class WebhookJson : JsonSerializerContext;
