using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace IngressController.App.Dashboard.Api;

/// <summary>Server-sent events (WHATWG HTML section 9.2). Not for several at once.</summary>
internal sealed class EventStream(HttpResponse response)
{
    private readonly PipeWriter output = response.BodyWriter;
    private readonly ArrayBufferWriter<byte> json = new();

    /// <summary>Begins the answer, so that the client knows that it has come through.</summary>
    public async Task BeginAsync(CancellationToken end)
    {
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers["X-Accel-Buffering"] = "no"; // nginx in between would wait for more
        await BeatAsync(end);
    }

    /// <summary>Something that clients pass over, so that proxies do not take the connection for dead and we see that a client is gone.</summary>
    public async Task BeatAsync(CancellationToken end)
    {
        output.Write(": \n\n"u8);
        await FlushAsync(end);
    }

    /// <summary>JSON has no line breaks of its own, so an event's data is one line.</summary>
    public void Write<T>(string name, T value, JsonTypeInfo<T> type)
    {
        output.Write("event: "u8);
        Encoding.ASCII.GetBytes(name, output);
        output.Write("\ndata: "u8);
        json.ResetWrittenCount();
        using (var writer = new Utf8JsonWriter(json))
        {
            JsonSerializer.Serialize(writer, value, type);
        }

        output.Write(json.WrittenSpan);
        output.Write("\n\n"u8);
    }

    /// <summary>Waits for clients that read slowly; the server ends connections that take nothing at all.</summary>
    public async Task FlushAsync(CancellationToken end) => await output.FlushAsync(end);
}
