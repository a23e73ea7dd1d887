using IngressController.EndToEnd.App;
using IngressController.Testing;

namespace IngressController.EndToEnd.Metrics;

/// <summary>How many addresses of a Service get requests, and how many do not, as the real program tells it.</summary>
public sealed class EndpointStateTests
{
    [Fact]
    public async Task Endpoints_are_counted_by_what_keeps_requests_from_them()
    {
        using var manifests = new TemporaryDirectory();
        manifests.Write("class.yaml", World.Class);
        manifests.Write("ingress.yaml", World.Ingress("shop", "shop.test", "/", "web"));
        Write(manifests, "{ addresses: [10.0.0.1] }", "{ addresses: [10.0.0.2] }");
        await using var controller = await ControllerProcess.StartAsync(manifests.Path);
        await CountsAsync(controller, "ready 2");

        Write(manifests,
            "{ addresses: [10.0.0.1] }",
            "{ addresses: [10.0.0.2], conditions: { ready: false } }",
            "{ addresses: [10.0.0.3], conditions: { ready: false } }",
            "{ addresses: [10.0.0.4], conditions: { ready: false, serving: true, terminating: true } }");
        await CountsAsync(controller, "not_ready 2", "ready 1", "terminating 1");

        Write(manifests, "{ addresses: [10.0.0.2], conditions: { ready: false } }");
        await CountsAsync(controller, "not_ready 1", "ready 0");

        File.Delete(manifests.File("ingress.yaml"));
        await CountsAsync(controller);
    }

    private static void Write(TemporaryDirectory manifests, params string[] endpoints) => manifests.Write("web.yaml", World.Service("web", 8080, string.Join(", ", endpoints)));

    private static async Task CountsAsync(ControllerProcess controller, params string[] counts)
    {
        const string before = "ingress_backend_destinations{namespace=\"default\",service=\"web:80\",state=\"";
        await Eventually.TrueAsync(
            async () => (await controller.Admin.GetStringAsync("/metrics")).Split('\n')
                .Where(line => line.StartsWith(before, StringComparison.Ordinal))
                .Select(line => line[before.Length..].Replace("\"}", "", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal).SequenceEqual(counts),
            string.Join(", ", counts));
    }
}
