using System.Text.Json.Nodes;
using IngressController.Testing;

namespace IngressController.Unit.ApiServer;

public sealed class FaultTests
{
    [Fact]
    public async Task Throttled_requests_are_told_when_to_come_again()
    {
        await using var api = await Api.StartAsync();
        api.Server.Throttle(requests: 1, retryAfter: 3);
        using var refused = await api.SendAsync("GET", Api.Ingresses);
        Assert.Equal(429, (int)refused.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(3), refused.Headers.RetryAfter!.Delta);
        using var next = await api.SendAsync("GET", Api.Ingresses);
        Assert.Equal(200, (int)next.StatusCode);
        Assert.Equal(2, api.Server.Count("list", "ingresses"));
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Failing_requests_answer_a_Status(int code)
    {
        await using var api = await Api.StartAsync();
        api.Server.Fail(requests: 1, code);
        Assert.Equal(code, (int)(await api.AskAsync("GET", Api.Ingresses))["code"]!);
    }

    [Fact]
    public async Task Dropped_streams_end_in_the_middle_of_an_object()
    {
        await using var api = await Api.StartAsync();
        using var watch = await api.WatchAsync($"{Api.Ingresses}?watch=1");
        var rest = ReadAllAsync(watch);
        api.Server.DropStreams();
        var (text, isWhole) = await rest.InTime();
        Assert.False(isWhole);
        Assert.DoesNotContain("\n", text, StringComparison.Ordinal);
        await Eventually.TrueAsync(() => api.Server.OpenStreams == 0, "the stream is closed");
    }

    [Fact]
    public async Task Stalled_streams_send_what_they_missed_once_they_flow()
    {
        await using var api = await Api.StartAsync();
        using var watch = await api.WatchAsync($"{Api.Ingresses}?watch=1");
        api.Server.StallStreams();
        var line = watch.ReadLineAsync();
        await api.AskAsync("POST", Api.InDefault, Api.Ingress("late"));
        await Task.WhenAny(line, Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System)); // far longer than an event takes
        Assert.False(line.IsCompleted);
        api.Server.ResumeStreams();
        Assert.Contains("\"late\"", await line.InTime(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stopped_server_refuses_connections_and_comes_back_at_the_same_address()
    {
        await using var api = await Api.StartAsync();
        var address = api.Server.Address;
        await api.Server.StopListeningAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => api.SendAsync("GET", Api.Ingresses));
        await api.Server.StartListeningAsync();
        Assert.Equal(address, api.Server.Address);
        using var answer = await api.SendAsync("GET", Api.Ingresses);
        Assert.Equal(200, (int)answer.StatusCode);
    }

    [Fact]
    public async Task A_restored_backup_takes_objects_and_resourceVersions_back()
    {
        await using var api = await Api.StartAsync();
        var restore = api.Server.Backup();
        var created = await api.AskAsync("POST", Api.InDefault, Api.Ingress("lost"));
        restore();
        Assert.Null(api.Server.Find("Ingress", "default", "lost"));
        var again = await api.AskAsync("POST", Api.InDefault, Api.Ingress("other"));
        Assert.Equal((string?)created["metadata"]!["resourceVersion"], (string?)again["metadata"]!["resourceVersion"]);
    }

    [Fact]
    public async Task An_expired_token_is_nobodys()
    {
        await using var api = await Api.StartAsync();
        api.Server.AddToken("old", "system:serviceaccount:default:web");
        Assert.Equal(403, (int)(await api.AskAsync("GET", Api.Ingresses, token: "old"))["code"]!);
        api.Server.ExpireToken("old");
        Assert.Equal(401, (int)(await api.AskAsync("GET", Api.Ingresses, token: "old"))["code"]!);
    }

    [Fact]
    public async Task A_resourceVersion_of_the_future_is_too_large_for_a_list()
    {
        await using var api = await Api.StartAsync();
        JsonNode answer = await api.AskAsync("GET", $"{Api.Ingresses}?resourceVersion=99999999");
        Assert.Equal(504, (int)answer["code"]!);
        Assert.StartsWith("Timeout: Too large resource version: 99999999, current: ", (string?)answer["message"], StringComparison.Ordinal);
    }

    private static async Task<(string Text, bool IsWhole)> ReadAllAsync(StreamReader reader)
    {
        var (text, buffer) = ("", new char[1024]);
        try
        {
            while (await reader.ReadAsync(buffer.AsMemory()) is > 0 and var read)
            {
                text += new string(buffer, 0, read);
            }

            return (text, true);
        }
        catch (IOException)
        {
            return (text, false);
        }
    }
}
