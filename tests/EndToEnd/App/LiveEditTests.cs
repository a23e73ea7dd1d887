using IngressController.Echo;
using IngressController.Testing;

namespace IngressController.EndToEnd.App;

public sealed class LiveEditTests
{
    [Fact]
    public async Task Whatever_happens_to_the_files_is_live_and_said_in_the_log()
    {
        await using var web = await EchoServer.StartAsync("web", 0, CancellationToken.None);
        using var manifests = new TemporaryDirectory();
        manifests.Write("class.yaml", World.Class);
        await using var controller = await ControllerProcess.StartAsync(manifests.Path);
        Assert.StartsWith("404", await controller.AnswerAsync("shop.test", "/"), StringComparison.Ordinal);

        manifests.Write("shop.yaml", World.Ingress("shop", "shop.test", "/", "web"));
        await controller.AnswersAsync("shop.test", "/", answer => answer.StartsWith("503", StringComparison.Ordinal));
        await controller.Program.SaysAsync("Problem: .*ServiceNotFound");

        manifests.Write("web.yaml", World.Service("web", web.Port));
        await controller.AnswersAsync("shop.test", "/", answer => answer == "200 web answers GET / for shop.test");
        await controller.Program.SaysAsync("Cured: .*ServiceNotFound");

        manifests.Write("shop.yaml", World.Ingress("shop", "news.test", "/", "web"));
        await controller.AnswersAsync("news.test", "/", answer => answer.StartsWith("200", StringComparison.Ordinal));
        Assert.StartsWith("404", await controller.AnswerAsync("shop.test", "/"), StringComparison.Ordinal);

        manifests.Write("shop.yaml", "kind: [");
        await controller.Program.SaysAsync("Problem: .*shop.yaml.*SyntaxError");
        Assert.StartsWith("200", await controller.AnswerAsync("news.test", "/"), StringComparison.Ordinal);

        File.Delete(manifests.File("shop.yaml"));
        await controller.AnswersAsync("news.test", "/", answer => answer.StartsWith("404", StringComparison.Ordinal));
        await controller.Program.SaysAsync("Cured: .*shop.yaml.*SyntaxError");
    }
}
