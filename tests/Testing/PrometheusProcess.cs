using System.Text.Json.Nodes;

namespace IngressController.Testing;

/// <summary>Debian's Prometheus, which scrapes a program and answers PromQL. What it stores is gone with it.</summary>
public sealed class PrometheusProcess : IAsyncDisposable
{
    private readonly TemporaryDirectory directory;
    private readonly RunningProgram program;
    private readonly HttpClient client;

    private PrometheusProcess(TemporaryDirectory directory, RunningProgram program, Uri address)
    {
        (this.directory, this.program) = (directory, program);
        client = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address };
    }

    /// <param name="target">Whose /metrics is scraped, every two seconds: a machine with much to do needs them.</param>
    /// <param name="labels">What the target is called, as the operator of Prometheus has it from a pod: <c>namespace: edge, pod: edge-1</c>.</param>
    /// <param name="relabelings">What becomes of these labels, as a list in JSON.</param>
    public static async Task<PrometheusProcess> StartAsync(Uri target, string labels, string relabelings = "[]")
    {
        var directory = new TemporaryDirectory();
        directory.Write("prometheus.yml", $$$"""
            global: {scrape_interval: 2s, scrape_timeout: 2s}
            scrape_configs:
              - job_name: ingress-controller
                static_configs: [{targets: ["{{{target.Authority}}}"], labels: { {{{labels}}} }}]
                relabel_configs: {{{relabelings}}}
            """);
        var program = RunningProgram.Start(
            "prometheus",
            [
                $"--config.file={directory.File("prometheus.yml")}", $"--storage.tsdb.path={directory.File("data")}",
                "--web.listen-address=127.0.0.1:0", "--log.format=logfmt", "--query.timeout=20s",
            ]);
        var address = (await program.SaysAsync(@"msg=""Listening on"" address=(127\.0\.0\.1:\d+)")).Groups[1].Value;
        await program.SaysAsync("Server is ready");
        return new(directory, program, new($"http://{address}"));
    }

    /// <summary>The samples that a query finds now.</summary>
    /// <exception cref="InvalidOperationException">It is no query; the message says why.</exception>
    public async Task<JsonArray> QueryAsync(string query)
    {
        using var answer = await client.PostAsync("/api/v1/query", new FormUrlEncodedContent([new("query", query)]));
        var json = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        return (string?)json["status"] == "success"
            ? json["data"]!["result"]!.AsArray()
            : throw new InvalidOperationException($"{query}\n{json["error"]}");
    }

    /// <summary>Waits until a query finds something, and says what. What is not a number says nothing.</summary>
    public async Task<JsonArray> FindsAsync(string query)
    {
        JsonArray found = [];
        await Eventually.TrueAsync(async () => (found = await QueryAsync(query)).Any(sample => (string?)sample!["value"]![1] != "NaN"), $"samples of {query}; the target: {await TargetAsync()}");
        return found;
    }

    /// <summary>Whether scraping works, and what is wrong.</summary>
    public async Task<string> TargetAsync()
    {
        var targets = JsonNode.Parse(await client.GetStringAsync("/api/v1/targets"))!["data"]!["activeTargets"]!.AsArray();
        return string.Join("; ", targets.Select(target => $"{target!["health"]} {target["lastError"]}"));
    }

    /// <summary>What it says of its target's metrics: type and help by name.</summary>
    public async Task<JsonObject> MetadataAsync() => JsonNode.Parse(await client.GetStringAsync("/api/v1/metadata"))!["data"]!.AsObject();

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await program.DisposeAsync();
        directory.Dispose();
    }
}
