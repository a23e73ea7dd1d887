using IngressController.App.Health;

namespace IngressController.Unit.App;

public sealed class ReadinessTests
{
    [Fact]
    public void It_begins_once_and_ends_once()
    {
        var readiness = new Readiness();
        Assert.NotNull(readiness.Obstacle);
        readiness.Begin();
        Assert.Null(readiness.Obstacle);
        readiness.End();
        readiness.Begin();
        Assert.Equal("shutting down", readiness.Obstacle);
    }

    [Fact]
    public void What_ends_before_it_began_never_begins()
    {
        var readiness = new Readiness();
        readiness.End();
        readiness.Begin();
        Assert.Equal("shutting down", readiness.Obstacle);
    }
}
