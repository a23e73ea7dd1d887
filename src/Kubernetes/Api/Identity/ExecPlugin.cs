using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using IngressController.Kubernetes.Wire;

namespace IngressController.Kubernetes.Api.Identity;

/// <summary>A program that says who we are, as client-go runs it: ExecCredential in and out of client.authentication.k8s.io/v1 or v1beta1.</summary>
internal sealed record ExecPlugin
{
    private static readonly string[] Versions = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"];
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public required string Where { get; init; }

    public required string Command { get; init; }

    public required IReadOnlyList<string> Arguments { get; init; }

    public required IReadOnlyList<KeyValuePair<string, string>> Environment { get; init; }

    public required string ApiVersion { get; init; }

    public string? InstallHint { get; init; }

    /// <summary>The plugin wants to know it.</summary>
    public ExecCluster? Cluster { get; init; }

    public static ExecPlugin Read(Kubeconfig.Entry exec, ApiConnection connection)
    {
        var command = exec.Text("command") ?? throw new ConnectionException($"{exec.Where}: there is no command");
        var version = exec.Text("apiVersion") ?? "";
        if (!Versions.Contains(version))
        {
            throw new ConnectionException($"{exec.Where}: apiVersion '{version}' is not one of {string.Join(", ", Versions)}");
        }

        if (exec.Text("interactiveMode") == "Always")
        {
            throw new ConnectionException($"{exec.Where}: the plugin wants to ask somebody (interactiveMode: Always), and nobody is here. Use IfAvailable or Never");
        }

        return new()
        {
            Where = exec.Where,
            Command = command.Contains('/', StringComparison.Ordinal) ? exec.Resolve(command) : command,
            Arguments = [.. (exec.Node.Find("args")?.Value.Items ?? []).Select(item => item.Text)],
            Environment = [.. (exec.Node.Find("env")?.Value.Items ?? []).Select(item => KeyValuePair.Create(item.FindText("name") ?? "", item.FindText("value") ?? ""))],
            ApiVersion = version,
            InstallHint = exec.Text("installHint"),
            Cluster = exec.Flag("provideClusterInfo") ? ExecCluster.Of(connection, exec.Where) : null,
        };
    }

    /// <exception cref="ConnectionException">It cannot be run, fails, or answers something else.</exception>
    public async Task<ExecStatus> RunAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(Patience, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        using var process = Start();
        try
        {
            var errors = process.StandardError.ReadToEndAsync(stop.Token);
            var output = await process.StandardOutput.ReadToEndAsync(stop.Token);
            await process.WaitForExitAsync(stop.Token);
            return process.ExitCode == 0
                ? Parse(output)
                : throw new ConnectionException($"{Where}: {Command} ended with exit code {process.ExitCode}: {(await errors).Trim()}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ConnectionException($"{Where}: {Command} did not end within {Patience.TotalSeconds:0} s");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private Process Start()
    {
        var start = new ProcessStartInfo(Command, Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var request = new ExecCredential { ApiVersion = ApiVersion, Kind = "ExecCredential", Spec = new() { Cluster = Cluster } };
        start.Environment["KUBERNETES_EXEC_INFO"] = JsonSerializer.Serialize(request, ExecContext.Default.ExecCredential);
        foreach (var (name, value) in Environment)
        {
            start.Environment[name] = value;
        }

        try
        {
            var process = Process.Start(start)!;
            process.StandardInput.Close();
            return process;
        }
        catch (Win32Exception e)
        {
            throw new ConnectionException($"{Where}: {Command} cannot be run: {e.Message}. {InstallHint ?? "Install it, or name it with its path"}", e);
        }
    }

    private ExecStatus Parse(string output)
    {
        try
        {
            var answer = JsonSerializer.Deserialize(output, ExecContext.Default.ExecCredential);
            if (answer?.ApiVersion != ApiVersion)
            {
                throw new ConnectionException($"{Where}: {Command} answers in version '{answer?.ApiVersion}', not '{ApiVersion}'. Write its version into apiVersion");
            }

            return answer.Status is { } status && (status.Token.NullIfEmpty() ?? status.ClientCertificateData.NullIfEmpty()) is not null
                ? status
                : throw new ConnectionException($"{Where}: {Command} answers neither a token nor a client certificate");
        }
        catch (JsonException e)
        {
            throw new ConnectionException($"{Where}: {Command} does not answer an ExecCredential", e);
        }
    }
}
