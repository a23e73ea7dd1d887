using System.CommandLine;
using IngressController.Cluster;

namespace IngressController.App.Cli;

/// <summary><c>check DIR</c>, <c>check --kubeconfig FILE</c> or <c>check --admin ADDR</c>: every problem of the objects in a directory, a cluster or a running controller, one a line.</summary>
internal static class CheckCommand
{
    private static readonly Argument<string?> Directory = new("DIR") { Description = "The directory with the manifests", Arity = ArgumentArity.ZeroOrOne };

    /// <summary>Which objects, and what they mean.</summary>
    private static readonly Flag[] OfObjects =
        [Flags.Kubeconfig, Flags.Context, Flags.WatchNamespace, Flags.PodNamespace, Flags.StateDir, .. Flags.OfTranslation, .. Flags.OfAcme];

    public static Command Command { get; } = Create();

    public static async Task<int> ExecuteAsync(FlagReader flags, Terminal terminal, CancellationToken cancellationToken)
    {
        using var client = AdminFlags.Read(flags);
        if (flags.IsGiven(AdminFlags.Admin))
        {
            return await AskAsync(client, flags, terminal, cancellationToken);
        }

        var isCluster = flags.IsGiven(Flags.Kubeconfig) || flags.IsGiven(Flags.Context);
        RefuseWhatGoesWithTheOther(flags, isCluster);
        var connection = isCluster && !flags.IsGiven(Directory) ? ClusterFlags.Read(flags, terminal.Environment) : null;
        var directory = isCluster ? "" : flags.Directory(Directory);
        var state = isCluster ? null : ManifestsDirectory.State(flags);
        var options = TranslationFlags.Read(flags);
        var reading = ClusterFlags.Reading(flags, options);
        var acme = AcmeFlags.ReadOptions(flags, connection is null
            ? AcmeFlags.LeaseOfDirectory(options)
            : WritingOptions.LeaseOf(flags.One(Flags.PodNamespace, FlagValue.DnsSubdomain, connection.Namespace), options, reading.Namespaces));
        if (flags.Complain(terminal))
        {
            return ExitCode.Usage;
        }

        if (connection is not null)
        {
            return Report(terminal, await TranslatedCluster.ReadAsync(connection, reading, options with { AllowLocalTargets = false }, acme, cancellationToken));
        }

        return Report(terminal, TranslatedObjects.Read(directory, state, options, acme));
    }

    private static void RefuseWhatGoesWithTheOther(FlagReader flags, bool isCluster)
    {
        if (isCluster && flags.IsGiven(Directory))
        {
            flags.Error($"{Directory.Name} and {Flags.Kubeconfig.Name} exclude each other");
        }

        if (isCluster && flags.IsGivenInArguments(Flags.StateDir))
        {
            flags.Error($"{Flags.StateDir.Name} is for {Directory.Name}; a cluster keeps everything itself");
        }

        foreach (var flag in new[] { Flags.WatchNamespace, Flags.PodNamespace }.Where(flag => !isCluster && flags.IsGivenInArguments(flag)))
        {
            flags.Error($"{flag.Name} is about a cluster; give {Flags.Kubeconfig.Name} or {Flags.Context.Name}");
        }
    }

    private static Task<int> AskAsync(AdminClient? client, FlagReader flags, Terminal terminal, CancellationToken cancellationToken)
    {
        if (flags.IsGiven(Directory))
        {
            flags.Error($"{Directory.Name} and {AdminFlags.Admin.Name} exclude each other");
        }

        foreach (var flag in OfObjects)
        {
            if (flags.IsGivenInArguments(flag))
            {
                flags.Error($"{flag.Name} is about other objects than those of a running controller; give it or {AdminFlags.Admin.Name}");
            }
        }

        return flags.Complain(terminal) ? Task.FromResult(ExitCode.Usage) : CheckedController.ReportAsync(client!, terminal, cancellationToken);
    }

    private static int Report(Terminal terminal, TranslatedObjects read)
    {
        foreach (var problem in read.Problems)
        {
            terminal.Output.WriteLine(problem);
        }

        terminal.Output.WriteLine($"problems: {StartupSummary.Problems(read.Problems)}; objects: {StartupSummary.Objects(read.Snapshot, read.Translation.Ingresses.Count())}");
        return read.Problems.Any(problem => problem.Severity == Severity.Error) ? ExitCode.Failure : ExitCode.Success;
    }

    private static Command Create()
    {
        var command = new Command("check", "Print every problem, one a line; exit 1 if any is an error") { Directory };
        foreach (var flag in (IEnumerable<Flag>)[AdminFlags.Admin, AdminFlags.TokenFile, .. OfObjects])
        {
            command.Options.Add(flag.Option);
        }

        return command;
    }
}
