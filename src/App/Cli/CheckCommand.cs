using System.CommandLine;
using IngressController.Cluster;

namespace IngressController.App.Cli;

/// <summary><c>check DIR</c>: every problem of the objects in a directory, one a line.</summary>
internal static class CheckCommand
{
    private static readonly Argument<string?> Directory = new("DIR") { Description = "The directory with the manifests", Arity = ArgumentArity.ZeroOrOne };

    public static Command Command { get; } = Create();

    public static int Execute(FlagReader flags, Terminal terminal)
    {
        flags.Refuse<string>(Flags.Kubeconfig, FlagValue.Text, "reads manifests only, not a cluster");
        flags.Refuse<string>(Flags.Context, FlagValue.Text, "reads manifests only, not a cluster");
        var directory = flags.Directory(Directory);
        var options = TranslationFlags.Read(flags);
        if (flags.Complain(terminal))
        {
            return ExitCode.Usage;
        }

        var reading = TranslatedManifests.Read(directory, options);
        foreach (var problem in reading.Problems)
        {
            terminal.Output.WriteLine(problem);
        }

        terminal.Output.WriteLine($"problems: {StartupSummary.Problems(reading.Problems)}; objects: {StartupSummary.Objects(reading.Snapshot, reading.Translation.Ingresses.Count())}");
        return reading.Problems.Any(problem => problem.Severity == Severity.Error) ? ExitCode.Failure : ExitCode.Success;
    }

    private static Command Create()
    {
        var command = new Command("check", "Print every problem, one a line; exit 1 if any is an error") { Directory };
        foreach (var flag in Flags.OfTranslation.Prepend(Flags.Context).Prepend(Flags.Kubeconfig))
        {
            command.Options.Add(flag.Option);
        }

        return command;
    }
}
