using System.Runtime.InteropServices;
using IngressController.App.Health;
using IngressController.Proxy;
using IngressController.Proxy.Streams;
using Microsoft.AspNetCore.Hosting.Server;

namespace IngressController.App;

/// <summary>
/// The end. The first SIGTERM or SIGINT ends readiness at once; the public ports go on accepting for the shutdown delay, in which load balancers hear of it; then they
/// close, and requests in flight have the grace period; then everything else stops. A second signal ends the process where it stands.
/// </summary>
internal sealed class SignalLifetime(
    RunOptions options,
    Readiness readiness,
    IServer server,
    DataPlane dataPlane,
    StreamPorts streams,
    IHostApplicationLifetime application,
    TimeProvider time,
    ILogger<SignalLifetime> log) : IHostLifetime, IDisposable
{
    private readonly List<PosixSignalRegistration> registrations = [];
    private int signals;

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal));
        registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        readiness.End(); // where something other than a signal stops the host
        return Task.CompletedTask;
    }

    public void Dispose() => registrations.ForEach(registration => registration.Dispose());

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true; // the runtime would exit at once
        if (Interlocked.Increment(ref signals) > 1)
        {
            const int interrupted = 128; // what a shell reports for a process that a signal ended: 128 and the signal's number
            Environment.Exit(interrupted + (context.Signal == PosixSignal.SIGINT ? 2 : 15));
        }

        readiness.End();
        log.ShutdownBegins(context.Signal, DurationText.Of(options.ShutdownDelay), DurationText.Of(options.ShutdownGracePeriod));
        _ = StopAsync();
    }

    private async Task StopAsync()
    {
        try
        {
            await application.StartedAsync(CancellationToken.None); // a server that is stopped while it starts fails
            await Task.Delay(options.ShutdownDelay, time);
            using var gracePeriod = new CancellationTokenSource(options.ShutdownGracePeriod, time);
            using var cut = new CancellationTokenSource();
            using var end = gracePeriod.Token.Register(() => CutOff(cut));
            await Task.WhenAll(server.StopAsync(cut.Token), streams.StopAsync(cut.Token));
        }
        catch (Exception failure)
        {
            log.DrainFailed(failure);
        }

        application.StopApplication();
    }

    /// <summary>The access log must know before the connections break.</summary>
    private void CutOff(CancellationTokenSource cut)
    {
        dataPlane.BeginCuttingOff();
        log.GracePeriodOver(DurationText.Of(options.ShutdownGracePeriod));
        cut.Cancel();
    }
}
