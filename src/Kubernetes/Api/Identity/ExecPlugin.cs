using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using IngressController.Kubernetes.Wire;

namespace IngressController.Kubernetes.Api.Identity;

/// <summary>A program that says who we are, as client-go runs it: ExecCredential in and out of client.authentication.k8s.io/v1 or v1beta1.</summary>
internal sealed record ExecPlugin
{
    private static readonly string[] Versions = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"];
    private static readonly string[] Modes = ["Never", "IfAvailable", "Always"];
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>No credential is that long; a program that prints without end is none either.</summary>
    private const int MaximumLength = 1024 * 1024;

    public required string Where { get; init; }

    public required string Command { get; init; }

    public required IReadOnlyList<string> Arguments { get; init; }

    public required IReadOnlyList<KeyValuePair<string, string>> Environment { get; init; }

    public required string ApiVersion { get; init; }

    public string? InstallHint { get; init; }

    /// <summary>The plugin wants to know it.</summary>
    public ExecCluster? Cluster { get; init; }

    public static ExecPlugin Read(Kubeconfig.Entry exec, ApiConnection connection, Kubeconfig.Entry cluster)
    {
        var command = exec.Text("command") ?? throw new ConnectionException($"{exec.Where}: there is no command. Add the program that says who we are");
        var version = exec.Text("apiVersion") ?? "";
        if (!Versions.Contains(version))
        {
            throw new ConnectionException($"{exec.Where}: apiVersion '{version}' is not one of {string.Join(", ", Versions)}");
        }

        var mode = exec.Text("interactiveMode") ?? "Never";
        if (!Modes.Contains(mode))
        {
            throw new ConnectionException($"{exec.Where}: interactiveMode '{mode}' is not one of {string.Join(", ", Modes)}");
        }

        if (mode == "Always")
        {
            throw new ConnectionException($"{exec.Where}: the plugin wants to ask somebody (interactiveMode: Always), and nobody is here. Use IfAvailable or Never");
        }

        return new()
        {
            Where = exec.Where,
            Command = command.Contains('/', StringComparison.Ordinal) ? exec.Resolve(command) : command,
            Arguments = exec.Texts("args"),
            Environment = [.. (exec.Node.Find("env")?.Value.Items ?? []).Select(item => Variable(exec with { Node = item, Where = $"env of {exec.Where}" }))],
            ApiVersion = version,
            InstallHint = exec.Text("installHint"),
            Cluster = exec.Flag("provideClusterInfo") ? ExecCluster.Of(connection, ConfigIn(cluster), exec.Where) : null,
        };
    }

    private static KeyValuePair<string, string> Variable(Kubeconfig.Entry entry) =>
        KeyValuePair.Create(entry.Text("name") ?? throw new ConnectionException($"{entry.Where}: a variable has no name. Add name: NAME"), entry.Text("value") ?? "");

    private static JsonElement? ConfigIn(Kubeconfig.Entry cluster) => (cluster.Node.Find("extensions")?.Value.Items ?? [])
        .Where(item => item.FindText("name") == "client.authentication.k8s.io/exec")
        .Select(item => item.Find("extension")?.Value.ToJson()).FirstOrDefault() is { } json ? JsonSerializer.Deserialize(json, ExecContext.Default.JsonElement) : null;

    /// <exception cref="ConnectionException">It cannot be run, fails, or answers something else.</exception>
    public async Task<ExecStatus> RunAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(Patience, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        using var process = Start();
        try
        {
            var errors = ReadAsync(process.StandardError, stop.Token);
            var output = await ReadAsync(process.StandardOutput, stop.Token);
            await process.WaitForExitAsync(stop.Token);
            return process.ExitCode == 0
                ? Parse(output)
                : throw new ConnectionException($"{Where}: {Command} ended with exit code {process.ExitCode}: {(await errors).Trim()}. Run it by hand to see why");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ConnectionException($"{Where}: {Command} did not end within {Patience.TotalSeconds:0} s. Does it wait for somebody?");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private async Task<string> ReadAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        var text = new char[MaximumLength];
        var length = await reader.ReadBlockAsync(text, cancellationToken);
        return length < text.Length ? new(text, 0, length) : throw new ConnectionException($"{Where}: {Command} prints more than {MaximumLength} characters. Is it the right program?");
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
        foreach (var (name, value) in Environment)
        {
            start.Environment[name] = value;
        }

        start.Environment["KUBERNETES_EXEC_INFO"] = JsonSerializer.Serialize(request, ExecContext.Default.ExecCredential);

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

            if (answer.Status is { } given && given.ClientCertificateData.NullIfEmpty() is null != given.ClientKeyData.NullIfEmpty() is null)
            {
                throw new ConnectionException($"{Where}: {Command} answers a client certificate or its key, and not both");
            }

            return answer.Status is { } status && (status.Token.NullIfEmpty() ?? status.ClientCertificateData.NullIfEmpty()) is not null
                ? status
                : throw new ConnectionException($"{Where}: {Command} answers neither a token nor a client certificate");
        }
        catch (JsonException e)
        {
            throw new ConnectionException($"{Where}: {Command} does not answer an ExecCredential: {e.Message}. Is it the right program?", e);
        }
    }
}
