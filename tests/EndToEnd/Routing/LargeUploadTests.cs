using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using IngressController.Echo;
using IngressController.EndToEnd.App;
using IngressController.Testing;

namespace IngressController.EndToEnd.Routing;

public sealed class LargeUploadTests
{
    private const long Length = 2L << 30;

    [Fact]
    public async Task An_upload_of_2_GiB_takes_flat_memory()
    {
        await using var web = await EchoServer.StartAsync("web", 0, CancellationToken.None);
        using var manifests = new TemporaryDirectory();
        manifests.Write("all.yaml", string.Join("\n---\n", World.Class, World.Service("web", web.Port), World.Ingress("web", "web.test", "/", "web")));
        await using var controller = await ControllerProcess.StartAsync(manifests.Path);
        await controller.AnswerAsync("web.test", "/");
        var before = PeakMemory(controller);

        using var request = new HttpRequestMessage(HttpMethod.Post, "/upload") { Content = new Zeros(), Headers = { Host = "web.test", Accept = { new("application/json") } } };
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = controller.Http, Timeout = TimeSpan.FromMinutes(5) };
        using var response = await client.SendAsync(request);
        var answer = await response.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"\"bodyBytes\": {Length}"), answer, StringComparison.Ordinal);
        Assert.InRange(PeakMemory(controller) - before, 0, 200L << 20);
    }

    /// <summary>VmHWM of proc(5): the largest resident set so far, in bytes.</summary>
    private static long PeakMemory(ControllerProcess controller)
    {
        var status = File.ReadAllText($"/proc/{controller.Program.Id}/status");
        return long.Parse(Regex.Match(status, @"VmHWM:\s+(\d+) kB").Groups[1].Value, CultureInfo.InvariantCulture) << 10;
    }

    private sealed class Zeros : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var block = new byte[1 << 20];
            for (var sent = 0L; sent < Length; sent += block.Length)
            {
                await stream.WriteAsync(block);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = Length;
            return true;
        }
    }
}
