namespace IngressController.Testing;

/// <summary>The real program, as a process of its own, on free ports of 127.0.0.1.</summary>
public sealed class ControllerProcess : IAsyncDisposable
{
    private ControllerProcess(RunningProgram program, Uri http, Uri https, Uri admin)
    {
        Program = program;
        Http = http;
        Https = https;
        Client = Connect(http);
        Admin = Connect(admin);
    }

    public static string File { get; } = Repository.Program("src/App", "ingress-controller");

    public RunningProgram Program { get; }

    /// <summary>The public address.</summary>
    public Uri Http { get; }

    /// <summary>The public address with TLS.</summary>
    public Uri Https { get; }

    /// <summary>Talks to the public port.</summary>
    public HttpClient Client { get; }

    /// <summary>Talks to the admin port.</summary>
    public HttpClient Admin { get; }

    /// <summary>Runs the command line to its end.</summary>
    public static Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments) => RunningProgram.RunAsync(File, arguments);

    /// <summary>Runs <c>run</c> and waits until it is ready.</summary>
    /// <param name="flags">May name the port for https, which else is any that is free.</param>
    public static Task<ControllerProcess> StartAsync(string manifests, params string[] flags) => OfAsync(RunningProgram.Start(File, Arguments(manifests, flags)));

    /// <summary>Runs <c>run</c>, as <c>"$@"</c> of a command of bash that ends in <c>exec "$@"</c> with outputs of its own.</summary>
    public static RunningProgram StartInShell(string command, string manifests, params string[] flags) =>
        RunningProgram.Start("bash", ["-c", command, "bash", File, .. Arguments(manifests, flags)]);

    /// <summary>A program that starts the controller, once that is ready.</summary>
    public static async Task<ControllerProcess> OfAsync(RunningProgram program)
    {
        var listening = await program.SaysAsync(@"Listening: http (http://[^\s,]+), https (https://[^\s,]+), admin (http://[^\s""]+)");
        await program.SaysAsync("is ready");
        return new(program, new Uri(listening.Groups[1].Value), new Uri(listening.Groups[2].Value), new Uri(listening.Groups[3].Value));
    }

    /// <summary>A GET of <paramref name="target"/> at the public port.</summary>
    public async Task<HttpResponseMessage> GetAsync(string host, string target)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, target) { Headers = { Host = host } };
        return await Client.SendAsync(request);
    }

    /// <summary>As <see cref="GetAsync"/>: the status and the body.</summary>
    public async Task<string> AnswerAsync(string host, string target)
    {
        using var response = await GetAsync(host, target);
        return $"{(int)response.StatusCode} {(await response.Content.ReadAsStringAsync()).Trim()}";
    }

    /// <summary>Waits for an answer.</summary>
    public async Task AnswersAsync(string host, string target, Predicate<string> expected)
    {
        var answer = await AnswerAsync(host, target);
        for (var tries = 0; !expected(answer); tries++)
        {
            if (tries == 1000)
            {
                throw new TimeoutException($"{host}{target} still answers: {answer}\n{Program.Errors}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
            answer = await AnswerAsync(host, target);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Admin.Dispose();
        await Program.DisposeAsync();
    }

    private static string[] Arguments(string manifests, string[] flags)
    {
        string[] https = flags.Contains("--https-port") ? [] : ["--https-port", "0"];
        return ["--manifests", manifests, "--bind-address", "127.0.0.1", "--http-port", "0", "--admin-port", "0", .. https, .. flags];
    }

    private static HttpClient Connect(Uri address) =>
        new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(20) };
}
