using System.Globalization;
using IngressController.EndToEnd.App;
using IngressController.Testing;

namespace IngressController.EndToEnd.Proxy;

/// <summary>Which traceparent of a client the program takes for one: W3C Trace Context sections 3.2.2 and 3.2.4.</summary>
public sealed class TraceParentTests
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";
    private const string Parent = "b7ad6b7169203331";

    private static readonly string[][] Valid =
    [
        [$"00-{Trace}-{Parent}-01"],
        [$"00-{Trace}-{Parent}-ff"],
        [$"01-{Trace}-{Parent}-01"],
        [$"01-{Trace}-{Parent}-01-"],
        [$"01-{Trace}-{Parent}-01-extra"],
        [$"cc-{Trace}-{Parent}-01-what-the-future-will-be-like"],
        [$"fe-{Trace}-{Parent}-00"],
    ];

    private static readonly string[][] Invalid =
    [
        [$"00-{Trace}-{Parent}-01-extra"],
        [$"00-{Trace}-{Parent}-01-"],
        [$"00-{Trace}-{Parent}-01x"],
        [$"01-{Trace}-{Parent}-01extra"],
        [$"01-{Trace}-{Parent}-01.extra"],
        [$"ff-{Trace}-{Parent}-01"],
        [$"ff-{Trace}-{Parent}-01-extra"],
        [$"0-{Trace}-{Parent}-01"],
        [$"0g-{Trace}-{Parent}-01"],
        [$"00-{Trace.ToUpperInvariant()}-{Parent}-01"],
        [$"00-{Trace}-{Parent.ToUpperInvariant()}-01"],
        [$"CC-{Trace}-{Parent}-01"],
        [$"00-{Trace}-{Parent}-0A"],
        [$"00-{new string('0', 32)}-{Parent}-01"],
        [$"00-{Trace}-{new string('0', 16)}-01"],
        [$"00_{Trace}-{Parent}-01"],
        [$"00-{Trace}_{Parent}-01"],
        [$"00-{Trace}-{Parent}_01"],
        [$"00-{Trace}-{Parent}-0"],
        [$"00-{Trace}-{Parent}"],
        [$"00-{Trace}-{Parent}-01", $"00-{Trace}-{Parent}-01"],
        ["nonsense"],
        [""],
    ];

    [Fact]
    public async Task A_trace_goes_on_from_every_version_that_is_valid_and_from_nothing_else()
    {
        using var manifests = new TemporaryDirectory();
        manifests.Write("all.yaml", World.Class);
        await using var controller = await ControllerProcess.StartAsync(
            manifests.Path, "--otlp-endpoint", "http://127.0.0.1:9", "--trace-sampling", "0", "--trace-context", "always", "--access-log", "$path $trace_id");
        string[][] sent = [.. Valid, .. Invalid];
        for (var index = 0; index < sent.Length; index++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, string.Create(CultureInfo.InvariantCulture, $"/{index}"));
            Array.ForEach(sent[index], value => request.Headers.TryAddWithoutValidation("traceparent", value));
            using var answer = await controller.Client.SendAsync(request);
        }

        await controller.Program.SignalAsync("TERM");
        Assert.Equal(0, await controller.Program.ExitCodeAsync());
        var lines = controller.Program.Output.TrimEnd().Split('\n').Select(line => line.Split(' ')).ToDictionary(line => int.Parse(line[0].AsSpan(1), CultureInfo.InvariantCulture), line => line[1]);
        Assert.All(lines.Values, trace => Assert.Matches("^[0-9a-f]{32}$", trace));
        Assert.Equal(
            sent.Select((values, index) => $"{(index < Valid.Length ? "valid  " : "invalid")} {string.Join(", ", values)}"),
            sent.Select((values, index) => $"{(lines[index] == Trace ? "valid  " : "invalid")} {string.Join(", ", values)}"));
    }
}
