namespace IngressController.Browser.Worlds;

/// <summary>A class, and nothing of it.</summary>
public sealed class EmptyWorld : IAsyncLifetime
{
    public World World { get; private set; } = null!;

    public async Task InitializeAsync() => World = await World.StartAsync(_ => { });

    public async Task DisposeAsync() => await World.DisposeAsync();
}
