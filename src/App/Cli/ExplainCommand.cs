using System.CommandLine;
using System.Text;
using IngressController.App.Dashboard.Api;
using IngressController.Cluster;

namespace IngressController.App.Cli;

/// <summary><c>explain URL</c>: which Ingress, rule and backend answer a request, and why; by manifests, by a cluster, or by what a running controller serves.</summary>
internal static class ExplainCommand
{
    private static readonly Argument<string?> Url = new("URL") { Description = "As in http://shop.example.com/cart?id=7", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Flag Method = Flag.One("--method", "M", "The request's method; default: GET");
    private static readonly Flag Header = Flag.Many("--header", "'N: V'", "A header of the request");

    private static readonly Flag[] OfObjects = [Flags.Manifests, .. ObjectSource.AllFlags];

    public static Command Command { get; } = Create();

    public static async Task<int> ExecuteAsync(FlagReader flags, Terminal terminal, CancellationToken cancellationToken)
    {
        using var client = AdminFlags.Read(flags);
        var url = flags.Required<RequestUrl?>(Url, RequestUrl.Read, null);
        var method = flags.One(Method, RequestToken.Method, "GET");
        var headers = flags.Many<KeyValuePair<string, string>>(Header, RequestToken.Header);
        if (flags.IsGiven(AdminFlags.Admin))
        {
            foreach (var flag in OfObjects.Where(flags.IsGivenInArguments))
            {
                flags.Error($"{flag.Name} is about other objects than those of a running controller; give it or {AdminFlags.Admin.Name}");
            }

            return flags.Complain(terminal) ? ExitCode.Usage : await AskAsync(client!, TargetOf(url!, method, headers), terminal, cancellationToken);
        }

        var isGiven = flags.IsGiven(Flags.Manifests);
        if (!isGiven && !ObjectSource.IsCluster(flags))
        {
            flags.Error($"which manifests, which cluster, or which controller? give {Flags.Manifests.Name} DIR, {Flags.Kubeconfig.Name} FILE or {AdminFlags.Admin.Name} ADDR");
        }

        var source = ObjectSource.Of(flags, terminal, Flags.Manifests.Name, isGiven, () => flags.One(Flags.Manifests, ManifestsDirectory.Exists, ""));
        if (flags.Complain(terminal))
        {
            return ExitCode.Usage;
        }

        var question = new ExplainQuestion(url!, method, headers);
        var read = await source.ReadAsync(cancellationToken);
        var unread = source.Connection is null ? [] : read.Found.OfSource.Where(problem => problem.Severity == Severity.Error).ToList();
        unread.ForEach(problem => terminal.Complain($"{problem.Message}; what follows leaves that out"));
        terminal.Output.Write(question.Text(question.Ask(read.Snapshot, read.Found, read.Certificates), read.Certificates));
        return unread.Count == 0 ? ExitCode.Success : ExitCode.Failure;
    }

    private static async Task<int> AskAsync(AdminClient client, string target, Terminal terminal, CancellationToken cancellationToken)
    {
        try
        {
            terminal.Output.Write(Terminal.Visible((await client.GetAsync(target, ApiJson.Shapes.ExplainedPage, cancellationToken)).Text ?? ""));
            return ExitCode.Success;
        }
        catch (AdminException failure)
        {
            terminal.Complain(failure.Message);
            return ExitCode.Failure;
        }
    }

    private static string TargetOf(RequestUrl url, string method, EquatableArray<KeyValuePair<string, string>> headers)
    {
        var target = new StringBuilder($"/api/explain?url={Uri.EscapeDataString($"{url.Scheme}://{url.Host}{url.Target}")}&method={Uri.EscapeDataString(method)}");
        foreach (var (name, value) in headers)
        {
            target.Append($"&header={Uri.EscapeDataString($"{name}: {value}")}");
        }

        return target.ToString();
    }

    private static Command Create()
    {
        var command = new Command("explain", "Say which Ingress, rule, policies and backend answer a request, and why") { Url };
        foreach (var flag in (IEnumerable<Flag>)[Method, Header, AdminFlags.Admin, AdminFlags.TokenFile, .. OfObjects])
        {
            command.Options.Add(flag.Option);
        }

        return command;
    }
}
