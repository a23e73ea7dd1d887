using System.CommandLine;
using System.CommandLine.Invocation;

namespace IngressController.App.Cli;

/// <summary>The program as its users see it.</summary>
public static class CommandLine
{
    private static readonly Command Run = RunCommand.Create();

    private static readonly RootCommand Root = CreateRoot();

    private static readonly Dictionary<string, Execute> Commands = new()
    {
        [Run.Name] = RunCommand.ExecuteAsync,
        [CheckCommand.Command.Name] = CheckCommand.ExecuteAsync,
        [ExplainCommand.Command.Name] = ExplainCommand.ExecuteAsync,
        [TopCommand.Command.Name] = TopCommand.ExecuteAsync,
        [TranslateCommand.Command.Name] = (flags, terminal, _) => Task.FromResult(TranslateCommand.Execute(flags, terminal)),
        [VersionCommand.Command.Name] = (flags, terminal, _) => Task.FromResult(VersionCommand.Execute(flags, terminal)),
    };

    private delegate Task<int> Execute(FlagReader flags, Terminal terminal, CancellationToken cancellationToken);

    /// <summary>Runs the program in this process, on its standard streams and environment. SIGTERM and SIGINT end <c>run</c>.</summary>
    /// <returns>The exit code: 0, 1 for bad news, 2 for errors of use.</returns>
    public static Task<int> InvokeAsync(string[] args, CancellationToken cancellationToken = default) =>
        InvokeAsync(args, Terminal.OfProcess(), cancellationToken);

    internal static async Task<int> InvokeAsync(IReadOnlyList<string> args, Terminal terminal, CancellationToken cancellationToken)
    {
        var result = Root.Parse(WithCommand(args), new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (result.Action is not null and not ParseErrorAction)
        {
            return await result.InvokeAsync(new InvocationConfiguration { Output = terminal.Output, Error = terminal.Error }, cancellationToken); // help
        }

        var flags = new FlagReader(result, terminal.Environment);
        if (Commands.TryGetValue(result.CommandResult.Command.Name, out var execute))
        {
            return await execute(flags, terminal, cancellationToken);
        }

        flags.Complain(terminal);
        return ExitCode.Usage;
    }

    /// <summary>Flags alone belong to <c>run</c>.</summary>
    private static IReadOnlyList<string> WithCommand(IReadOnlyList<string> args) => args switch
    {
        ["--version", ..] => [VersionCommand.Command.Name, .. args.Skip(1)],
        ["--help" or "-h" or "-?", ..] => args,
        [] => [Run.Name],
        [['-', ..], ..] => [Run.Name, .. args],
        _ => args,
    };

    private static RootCommand CreateRoot()
    {
        var root = new RootCommand(
            $"""
            A Kubernetes Ingress controller.

            Every flag is also an environment variable: {Flag.Prefix} and the flag's name in capitals without hyphens, as in {Flags.HttpPort.Variable}=8081.
            Lists are separated by commas or numbered, as in {Flags.TrustedProxies.Variable}__0 and __1. A flag goes before its variable.
            """)
        {
            Run,
            CheckCommand.Command,
            ExplainCommand.Command,
            TopCommand.Command,
            TranslateCommand.Command,
            VersionCommand.Command,
        };
        root.Options.Remove(root.Options.OfType<VersionOption>().Single());
        return root;
    }
}
