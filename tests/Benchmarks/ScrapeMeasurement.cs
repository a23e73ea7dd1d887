using System.Globalization;
using System.Text;
using BenchmarkDotNet.Loggers;
using IngressController.Echo;
using IngressController.Testing;
using IngressController.Testing.Scale;

namespace IngressController.Benchmarks;

/// <summary>How long a scrape of the published program takes and how big it is at 10,000 Ingresses of 5,000 Services, each with traffic, and what the program takes of memory for it.</summary>
internal static class ScrapeMeasurement
{
    private const int Ingresses = 10_000;
    private const int Services = 5_000;
    private const int AtOnce = 16;
    private const int Scrapes = 5;

    /// <param name="file">The published program's dll; null to publish it.</param>
    public static async Task RunAsync(string? file)
    {
        using var published = file is null ? await PublishedProgram.MakeAsync() : null;
        foreach (var flags in (string[][])[[], ["--nginx-metric-names"]])
        {
            await MeasureAsync(file ?? published!.File, flags);
        }
    }

    private static async Task MeasureAsync(string program, string[] flags)
    {
        await using var backend = await EchoServer.StartAsync("web", 0, CancellationToken.None);
        using var directory = new TemporaryDirectory();
        WriteManifests(directory, backend.Port);
        await using var controller = await ControllerProcess.OfAsync(RunningProgram.Start(
            "dotnet", [program, "--manifests", directory.Path, "--bind-address", "127.0.0.1", "--http-port", "0", "--https-port", "0", "--admin-port", "0", .. flags]));
        Say(flags, "resident when ready", ResidentMemory.Of(controller.Program.Id).Now, "MB");
        await Parallel.ForEachAsync(Enumerable.Range(0, Ingresses), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (index, _) => await controller.AnswerAsync($"web{index}.example.com", "/"));
        Say(flags, "resident after a request for each", ResidentMemory.Of(controller.Program.Id).Now, "MB");
        for (var scrape = 1; scrape <= Scrapes; scrape++)
        {
            await ScrapeAsync(controller, flags, scrape);
        }

        Say(flags, "resident after the scrapes", ResidentMemory.Of(controller.Program.Id).Now, "MB");
    }

    private static async Task ScrapeAsync(ControllerProcess controller, string[] flags, int scrape)
    {
        var began = TimeProvider.System.GetTimestamp();
        var plain = await controller.Admin.GetByteArrayAsync("/metrics");
        var took = TimeProvider.System.GetElapsedTime(began);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics") { Headers = { { "Accept-Encoding", "gzip" } } };
        using var answer = await controller.Admin.SendAsync(request);
        var packed = await answer.Content.ReadAsByteArrayAsync();
        Say(flags, string.Create(CultureInfo.InvariantCulture, $"scrape {scrape}: {plain.Length / 1e6:0.00} MB, with gzip {packed.Length / 1e6:0.00} MB"), took.TotalMilliseconds, "ms");
    }

    private static void WriteManifests(TemporaryDirectory directory, int port)
    {
        directory.Write("class.yaml", "apiVersion: networking.k8s.io/v1\nkind: IngressClass\nmetadata: { name: yarp }\nspec: { controller: yarp.ingress.kubernetes.io/controller }\n");
        foreach (var part in Enumerable.Range(0, Ingresses).Chunk(500))
        {
            var text = new StringBuilder();
            foreach (var index in part)
            {
                var (space, service) = (index % Services % 200, index % Services);
                if (index < Services)
                {
                    text.Append(CultureInfo.InvariantCulture, $"apiVersion: v1\nkind: Service\nmetadata: {{ name: service-{service:0000}, namespace: team-{space:000} }}\nspec: {{ ports: [{{ name: http, port: 80 }}] }}\n---\n");
                    text.Append(CultureInfo.InvariantCulture, $"apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {{ name: service-{service:0000}-1, namespace: team-{space:000}, labels: {{ kubernetes.io/service-name: service-{service:0000} }} }}\n");
                    text.Append(CultureInfo.InvariantCulture, $"addressType: IPv4\nports: [{{ name: http, port: {port} }}]\nendpoints: [{{ addresses: [127.0.0.1] }}]\n---\n");
                }

                text.Append(CultureInfo.InvariantCulture, $"apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {{ name: web-{index}, namespace: team-{space:000} }}\nspec: {{ ingressClassName: yarp, ");
                text.Append(CultureInfo.InvariantCulture, $"rules: [{{ host: web{index}.example.com, http: {{ paths: [{{ path: /, pathType: Prefix, backend: {{ service: {{ name: service-{service:0000}, port: {{ name: http }} }} }} }}] }} }}] }}\n---\n");
            }

            directory.Write($"part-{part[0]}.yaml", text.ToString());
        }
    }

    private static void Say(string[] flags, string what, double value, string unit) =>
        ConsoleLogger.Default.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {string.Join(' ', flags)} | {what} | {value:0.0} {unit} |"));
}
