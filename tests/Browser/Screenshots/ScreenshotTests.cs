using IngressController.Testing;

namespace IngressController.Browser.Screenshots;

public sealed class ScreenshotTests
{
    private const long Largest = 200_000;

    [Fact]
    public async Task The_documented_command_makes_the_images_that_are_kept()
    {
        using var folder = new TemporaryDirectory();
        await Screenshot.TakeAllAsync(folder.Path, warmUp: TimeSpan.Zero);
        var made = Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order();
        var kept = Directory.GetFiles(Repository.Path("docs/images")).Order().ToList();
        Assert.Equal(made, kept.Select(Path.GetFileName));
        Assert.All(kept, file => Assert.True(new FileInfo(file).Length < Largest, $"{file} is large"));
    }
}
