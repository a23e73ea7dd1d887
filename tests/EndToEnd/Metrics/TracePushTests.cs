using System.Net.Http.Headers;
using IngressController.Testing;
using IngressController.Testing.Otlp;

namespace IngressController.EndToEnd.Metrics;

/// <summary>Traces that are pushed to a collector.</summary>
public sealed class TracePushTests
{
    private const string Known = "0af7651916cd43dd8448eb211c80319c";

    [Theory]
    [InlineData("grpc")]
    [InlineData("http")]
    public async Task A_collector_gets_the_spans_of_requests_and_tries(string protocol)
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var world = await MeasuredWorld.StartAsync(
            "--otlp-endpoint", (protocol == "grpc" ? receiver.Grpc : receiver.Http).ToString(), "--otlp-protocol", protocol, "--trace-sampling", "1", "--trace-context", "always");
        await AskAsync(world, $"00-{Known}-b7ad6b7169203331-01");
        await Eventually.TrueAsync(() => Spans(receiver, Known).Count == 2, $"two spans; refused: {string.Join("; ", receiver.Refused)}");
        var spans = Spans(receiver, Known);
        var request = Assert.Single(spans, span => span.Kind == PushedSpan.Server);
        var attempt = Assert.Single(spans, span => span.Kind == PushedSpan.Client);
        Assert.Equal(("GET", "b7ad6b7169203331", request.SpanId), (request.Name, request.ParentSpanId, attempt.ParentSpanId));
        Assert.Equal(("200", "/cart"), (request.Attributes["http.response.status_code"], request.Attributes["url.path"]));
        Assert.All(receiver.Pushes.Where(push => push.Signal == "traces"), push => Assert.Equal("ingress-controller", PushedMetrics.Resource(push.Message)["service.name"]));
    }

    [Fact]
    public async Task The_ratio_decides_about_traces_that_begin_here_and_the_caller_about_those_that_go_on()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var world = await MeasuredWorld.StartAsync("--otlp-endpoint", receiver.Grpc.ToString(), "--trace-sampling", "0", "--trace-context", "always");
        await AskAsync(world, null);
        await AskAsync(world, $"00-{Known[1..]}1-b7ad6b7169203331-00");
        await AskAsync(world, $"00-{Known}-b7ad6b7169203331-01");
        await world.Controller.Program.SignalAsync("TERM");
        Assert.Equal(0, await world.Controller.Program.ExitCodeAsync());
        Assert.Equal([Known], All(receiver).Select(span => span.TraceId).Distinct());
    }

    [Fact]
    public async Task A_trace_that_begins_here_has_a_first_span_without_a_parent()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var world = await MeasuredWorld.StartAsync("--otlp-endpoint", receiver.Grpc.ToString(), "--trace-sampling", "1");
        await AskAsync(world, null);
        await Eventually.TrueAsync(() => All(receiver).Count == 2, $"two spans; refused: {string.Join("; ", receiver.Refused)}");
        var request = Assert.Single(All(receiver), span => span.Kind == PushedSpan.Server);
        Assert.Equal("", request.ParentSpanId);
        Assert.All(All(receiver), span => Assert.Equal(request.TraceId, span.TraceId));
    }

    [Fact]
    public async Task A_collector_of_traces_gets_no_metrics_where_their_interval_is_0()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var world = await MeasuredWorld.StartAsync("--otlp-endpoint", receiver.Grpc.ToString(), "--otlp-interval", "0", "--trace-sampling", "1");
        await AskAsync(world, null);
        await world.Controller.Program.SignalAsync("TERM");
        Assert.Equal(0, await world.Controller.Program.ExitCodeAsync());
        Assert.Equal((2, "traces"), (All(receiver).Count, string.Join(", ", receiver.Pushes.Select(push => push.Signal).Distinct())));
    }

    [Fact]
    public async Task A_sampled_request_is_the_example_of_its_duration()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var world = await MeasuredWorld.StartAsync("--otlp-endpoint", receiver.Grpc.ToString(), "--trace-sampling", "1", "--trace-context", "always");
        await AskAsync(world, $"00-{Known}-b7ad6b7169203331-01");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse("application/openmetrics-text;version=1.0.0"));
        using var answer = await world.Controller.Admin.SendAsync(request);
        Assert.Contains($"# {{trace_id=\"{Known}\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static async Task AskAsync(MeasuredWorld world, string? traceparent)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/cart?secret=1") { Headers = { Host = "shop.test" } };
        if (traceparent is not null)
        {
            request.Headers.Add("traceparent", traceparent);
        }

        using var answer = await world.Controller.Client.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode);
    }

    private static List<PushedSpan> Spans(OtlpReceiver receiver, string trace) => [.. All(receiver).Where(span => span.TraceId == trace)];

    private static List<PushedSpan> All(OtlpReceiver receiver) =>
        [.. receiver.Pushes.Where(push => push.Signal == "traces").SelectMany(push => PushedSpan.Of(push.Message))];
}
