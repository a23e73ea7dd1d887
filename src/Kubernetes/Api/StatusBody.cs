using System.Text.Json;
using IngressController.Kubernetes.Wire;

namespace IngressController.Kubernetes.Api;

/// <summary>What the API server says where it does not do what it was asked for.</summary>
internal static class StatusBody
{
    /// <summary>Larger ones come from something in between, and say nothing.</summary>
    private const int MaximumLength = 64 * 1024;

    public static async Task<ApiException> ReadAsync(HttpResponseMessage response, TimeProvider time, CancellationToken cancellationToken)
    {
        var body = new byte[MaximumLength];
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var length = await stream.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, cancellationToken);
        var status = Parse(body.AsSpan(0, length));
        var retryAfter = response.Headers.RetryAfter is { } header ? header.Delta ?? (header.Date - time.GetUtcNow()) : null;
        var words = $"{(int)response.StatusCode} {response.ReasonPhrase}";
        return new(response.StatusCode, status?.Reason ?? "", status?.Message.NullIfEmpty() ?? words, retryAfter);
    }

    private static Wire.Status? Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, WireContext.Default.Status);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
