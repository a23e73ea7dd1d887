using System.CommandLine;

namespace IngressController.App.Cli;

/// <summary><c>translate DIR</c>: what the objects in a directory mean, as YAML that is the same for the same objects.</summary>
internal static class TranslateCommand
{
    private static readonly Argument<string?> Directory = new("DIR") { Description = "The directory with the manifests", Arity = ArgumentArity.ZeroOrOne };

    public static Command Command { get; } = Create();

    public static int Execute(FlagReader flags, Terminal terminal)
    {
        var directory = flags.Directory(Directory);
        var state = ManifestsDirectory.State(flags);
        var options = TranslationFlags.Read(flags);
        if (flags.Complain(terminal))
        {
            return ExitCode.Usage;
        }

        var reading = TranslatedObjects.Read(directory, state, options);
        terminal.Output.Write(ModelYaml.Write(reading.Translation.Model));
        if (reading.Problems.Length > 0)
        {
            terminal.Complain($"problems: {StartupSummary.Problems(reading.Problems)}; `check` prints them");
        }

        return ExitCode.Success;
    }

    private static Command Create()
    {
        var command = new Command("translate", "Print the routing model as stable YAML") { Directory };
        foreach (var flag in Flags.OfTranslation.Prepend(Flags.StateDir))
        {
            command.Options.Add(flag.Option);
        }

        return command;
    }
}
