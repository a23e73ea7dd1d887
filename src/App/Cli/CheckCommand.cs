using System.CommandLine;
using IngressController.Cluster;
using IngressController.Routing.Translation;

namespace IngressController.App.Cli;

/// <summary><c>check DIR</c>, <c>check --kubeconfig FILE</c> or <c>check --admin ADDR</c>: every problem of the objects in a directory, a cluster or a running controller, one a line.</summary>
internal static class CheckCommand
{
    private static readonly Argument<string?> Directory = new("DIR") { Description = "The directory with the manifests", Arity = ArgumentArity.ZeroOrOne };

    public static Command Command { get; } = Create();

    public static async Task<int> ExecuteAsync(FlagReader flags, Terminal terminal, CancellationToken cancellationToken)
    {
        using var client = AdminFlags.Read(flags);
        if (flags.IsGiven(AdminFlags.Admin))
        {
            return await AskAsync(client, flags, terminal, cancellationToken);
        }

        var source = ObjectSource.Of(flags, terminal, Directory.Name, flags.IsGiven(Directory), () => flags.Directory(Directory));
        return flags.Complain(terminal) ? ExitCode.Usage : Report(terminal, await source.ReadAsync(cancellationToken), source.Options);
    }

    private static Task<int> AskAsync(AdminClient? client, FlagReader flags, Terminal terminal, CancellationToken cancellationToken)
    {
        if (flags.IsGiven(Directory))
        {
            flags.Error($"{Directory.Name} and {AdminFlags.Admin.Name} exclude each other");
        }

        foreach (var flag in ObjectSource.AllFlags)
        {
            if (flags.IsGivenInArguments(flag))
            {
                flags.Error($"{flag.Name} is about other objects than those of a running controller; give it or {AdminFlags.Admin.Name}");
            }
        }

        return flags.Complain(terminal) ? Task.FromResult(ExitCode.Usage) : CheckedController.ReportAsync(client!, terminal, cancellationToken);
    }

    private static int Report(Terminal terminal, TranslatedObjects read, TranslationOptions options)
    {
        foreach (var problem in read.Problems)
        {
            terminal.Output.WriteLine(problem);
        }

        terminal.Output.WriteLine($"problems: {StartupSummary.Problems(read.Problems)}; objects: {StartupSummary.Objects(read.Snapshot, read.Translation.Ingresses.Count())}");
        if (ForeignIngresses.Describe(read.Snapshot, options) is { } hint)
        {
            terminal.Output.WriteLine(Terminal.VisibleLine(hint));
        }

        return read.Problems.Any(problem => problem.Severity == Severity.Error) ? ExitCode.Failure : ExitCode.Success;
    }

    private static Command Create()
    {
        var command = new Command("check", "Print every problem, one a line; exit 1 if any is an error") { Directory };
        foreach (var flag in (IEnumerable<Flag>)[AdminFlags.Admin, AdminFlags.TokenFile, .. ObjectSource.AllFlags])
        {
            command.Options.Add(flag.Option);
        }

        return command;
    }
}
