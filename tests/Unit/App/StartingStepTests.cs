using IngressController.App.Health;
using Microsoft.AspNetCore.Http;

namespace IngressController.Unit.App;

public sealed class StartingStepTests
{
    [Fact]
    public async Task Who_comes_before_the_first_configuration_is_asked_to_come_again()
    {
        var readiness = new Readiness();
        Assert.Equal((503, "1", false), await AskAsync(readiness));
        readiness.Begin();
        Assert.Equal((200, "", true), await AskAsync(readiness));
        readiness.End(); // requests that still come are served
        Assert.Equal((200, "", true), await AskAsync(readiness));
    }

    private static async Task<(int Status, string RetryAfter, bool IsPassedOn)> AskAsync(Readiness readiness)
    {
        var isPassedOn = false;
        var context = new DefaultHttpContext();
        var step = new StartingStep(
            _ =>
            {
                isPassedOn = true;
                return Task.CompletedTask;
            },
            readiness);
        await step.InvokeAsync(context);
        return (context.Response.StatusCode, context.Response.Headers.RetryAfter.ToString(), isPassedOn);
    }
}
