using System.ComponentModel;
using System.Diagnostics;

namespace IngressController.Certificates.Acme.Dns;

/// <summary>A program that makes the records: called with <c>present NAME VALUE</c> or <c>cleanup NAME VALUE</c>; it succeeds where it ends with exit code 0.</summary>
internal sealed class ProgramHook(string program, TimeProvider time) : IDnsHook
{
    /// <summary>Providers need minutes until all of their servers know a record; programs wait for that.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public Task PresentAsync(TxtRecord record, CancellationToken cancellationToken) => RunAsync("present", record, cancellationToken);

    public Task CleanUpAsync(TxtRecord record, CancellationToken cancellationToken) => RunAsync("cleanup", record, cancellationToken);

    private async Task RunAsync(string action, TxtRecord record, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(Patience, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        using var process = Start([action, record.Name, record.Value]);
        try
        {
            var output = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, stop.Token);
            var said = await LastWords.OfAsync(process.StandardError, stop.Token);
            await output;
            await process.WaitForExitAsync(stop.Token);
            if (process.ExitCode != 0)
            {
                throw new IOException($"{program} {action} {record.Name} ended with exit code {process.ExitCode}{(said.Length > 0 ? $": {said}" : "")}");
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"{program} {action} {record.Name} did not end within {Patience.TotalMinutes:0} minutes");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private Process Start(string[] arguments)
    {
        try
        {
            var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.StandardInput.Close();
            return process;
        }
        catch (Win32Exception failure)
        {
            throw new IOException($"{program} cannot be run: {failure.Message}", failure);
        }
    }
}
