using System.Globalization;
using IngressController.Browser.Looking;
using IngressController.Testing;
using Microsoft.Playwright;

namespace IngressController.Browser.Worlds;

/// <summary>The real program on a directory of manifests, and a browser to look at its admin port. One for a class of tests.</summary>
public sealed class World : IAsyncDisposable
{
    private readonly TemporaryDirectory manifests = new();
    private readonly Chrome chrome;
    private readonly string[] flags;

    private World(Chrome chrome, string[] flags) => (this.chrome, this.flags) = (chrome, flags);

    public ControllerProcess Controller { get; private set; } = null!;

    public Uri Admin => Controller.Admin.BaseAddress!;

    /// <param name="prepare">Writes manifests; the class is there.</param>
    /// <param name="flags">Besides those for ports.</param>
    public static async Task<World> StartAsync(Action<World> prepare, string bindAddress = "127.0.0.1", params string[] flags)
    {
        var world = new World(await Chrome.StartAsync(), ["--bind-address", bindAddress, .. flags]);
        world.Write("class", Manifests.Class);
        prepare(world);
        await world.RunAsync(0);
        return world;
    }

    /// <summary>Ends the program, suddenly.</summary>
    public ValueTask StopAsync() => Controller.Program.DisposeAsync();

    /// <summary>Starts it again, with the admin port that it had.</summary>
    public Task StartAgainAsync() => RunAsync(Admin.Port);

    /// <summary>Writes a manifest, or writes over it.</summary>
    public void Write(string name, string manifest) => manifests.Write($"{name}.yaml", manifest);

    public void Delete(string name) => File.Delete(manifests.File($"{name}.yaml"));

    /// <inheritdoc cref="Chrome.OpenAsync"/>
    public Task<Tab> OpenAsync(string place = "", ColorScheme scheme = ColorScheme.Light, int width = 1280, int height = 860, float scale = 1) =>
        chrome.OpenAsync(Admin, place, scheme, width, height, scale);

    /// <summary>As <see cref="OpenAsync"/>, at another address of the same port.</summary>
    public Task<Tab> OpenAtAsync(Uri address) => chrome.OpenAsync(address);

    public async ValueTask DisposeAsync()
    {
        await chrome.DisposeAsync();
        await Controller.DisposeAsync();
        manifests.Dispose();
    }

    private async Task RunAsync(int adminPort)
    {
        var program = RunningProgram.Start(
            ControllerProcess.File,
            ["--manifests", manifests.Path, "--http-port", "0", "--https-port", "0", "--admin-port", adminPort.ToString(CultureInfo.InvariantCulture), .. flags]);
        Controller = await ControllerProcess.OfAsync(program);
    }
}
