using System.CommandLine;
using System.Runtime.InteropServices;

namespace IngressController.App.Cli;

/// <summary><c>version</c></summary>
internal static class VersionCommand
{
    public static Command Command { get; } = new("version", "Print the version");

    public static int Execute(FlagReader flags, Terminal terminal)
    {
        if (flags.Complain(terminal))
        {
            return ExitCode.Usage;
        }

        terminal.Output.WriteLine($"ingress-controller {AppVersion.Text} ({RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier})");
        return ExitCode.Success;
    }
}
