using System.Text.Json.Nodes;
using IngressController.Testing;

namespace IngressController.EndToEnd.Dashboard;

/// <summary>Reads server-sent events as a browser would.</summary>
internal sealed class SseReader : IDisposable
{
    private readonly HttpResponseMessage response;
    private readonly StreamReader lines;

    private SseReader(HttpResponseMessage response, Stream body) => (this.response, lines) = (response, new(body));

    public HttpResponseMessage Response => response;

    /// <summary>Begun means that the first comment has come: from then on nothing is missed.</summary>
    public static async Task<SseReader> OpenAsync(DashboardWorld world, string target)
    {
        var response = await world.SendAsync(target).InTime();
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        var reader = new SseReader(response, await response.Content.ReadAsStreamAsync());
        Assert.Equal(": ", await reader.lines.ReadLineAsync().InTime());
        return reader;
    }

    /// <returns>Null at the end of the stream.</returns>
    public async Task<(string Name, JsonNode Value)?> NextAsync()
    {
        var name = "";
        while (await lines.ReadLineAsync().InTime() is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
            {
                name = line["event: ".Length..];
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                return (name, JsonNode.Parse(line["data: ".Length..])!);
            }
        }

        return null;
    }

    /// <summary>The next event of that name; others are passed over.</summary>
    public async Task<JsonNode> NextAsync(string name)
    {
        while (true)
        {
            var next = await NextAsync() ?? throw new EndOfStreamException($"The stream ended before {name}");
            if (next.Name == name)
            {
                return next.Value;
            }
        }
    }

    public void Dispose()
    {
        lines.Dispose();
        response.Dispose();
    }
}
