namespace IngressController.App;

internal static class ApplicationStart
{
    /// <summary>Completes when every service of the host has started, the ports among them.</summary>
    public static async Task StartedAsync(this IHostApplicationLifetime application, CancellationToken cancellationToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = application.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(cancellationToken);
    }
}
