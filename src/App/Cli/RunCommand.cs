using System.CommandLine;
using System.Net;

namespace IngressController.App.Cli;

/// <summary><c>run</c>: the controller.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var command = new Command("run", "Run the controller (the default command)");
        foreach (var flag in Flags.OfRun)
        {
            command.Options.Add(flag.Option);
        }

        return command;
    }

    public static async Task<int> ExecuteAsync(FlagReader flags, Terminal terminal, CancellationToken cancellationToken)
    {
        var options = Read(flags, terminal.Environment) with { AccessLog = terminal.OutputStream };
        if (flags.Complain(terminal))
        {
            return ExitCode.Usage;
        }

        await using var app = Program.Build(options);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (Exception failure) when (Listening.Explain(failure, options) is { Count: > 0 } lines)
        {
            lines.ToList().ForEach(terminal.Complain);
            return ExitCode.Usage;
        }

        await app.WaitForShutdownAsync(cancellationToken);
        return ExitCode.Success;
    }

    private static RunOptions Read(FlagReader flags, IReadOnlyDictionary<string, string> environment)
    {
        RefuseWhatIsNotThere(flags);
        var directory = flags.One<string?>(Flags.Manifests, ManifestsDirectory.Exists!, null);
        var isDirectory = flags.IsGiven(Flags.Manifests);
        var connection = isDirectory ? ClusterFlags.ExcludedByManifests(flags) : ClusterFlags.Read(flags, environment);
        var translation = TranslationFlags.Read(flags) with { AllowLocalTargets = isDirectory };
        var defaults = new RunOptions { ManifestsDirectory = directory };
        var options = defaults with
        {
            BindAddress = flags.One<IPAddress?>(Flags.BindAddress, FlagValue.Address, null),
            HttpPort = flags.One(Flags.HttpPort, FlagValue.Port, defaults.HttpPort),
            AdminPort = flags.One(Flags.AdminPort, FlagValue.Port, defaults.AdminPort),
            Connection = connection,
            Reading = ClusterFlags.Reading(flags, translation),
            Translation = translation,
            TrustedProxies = flags.Many<IPNetwork>(Flags.TrustedProxies, FlagValue.Cidr),
            ShutdownDelay = flags.One(Flags.ShutdownDelay, FlagValue.Duration, defaults.ShutdownDelay),
            ShutdownGracePeriod = flags.One(Flags.ShutdownGracePeriod, FlagValue.Duration, defaults.ShutdownGracePeriod),
            LogFormat = flags.One<LogFormat>(Flags.LogFormat, FlagValue.LogFormat, defaults.LogFormat),
        };
        if (connection is not null)
        {
            var writing = WritingFlags.Read(flags, options, connection);
            options = options with { Writing = writing, Reading = options.Reading with { Services = writing.Publish.Service is { } service ? [service] : [] } };
        }

        if (options.HttpPort == options.AdminPort && options.HttpPort != 0)
        {
            flags.Error($"--http-port and --admin-port are both {options.HttpPort}");
        }

        return options;
    }

    /// <summary>The command line is fixed, but not everything behind it is there yet; what somebody asks for is refused rather than passed over.</summary>
    private static void RefuseWhatIsNotThere(FlagReader flags)
    {
        const string noTls = "does not terminate TLS";
        flags.Refuse<int>(Flags.HttpsPort, FlagValue.Port, noTls);
        flags.Refuse<int>(Flags.PublicHttpsPort, FlagValue.Port, noTls);
        flags.Refuse<Cluster.NamespacedName>(Flags.DefaultTlsSecret, FlagValue.ObjectName, noTls);
        const string noAcme = "does not obtain certificates";
        flags.Refuse<string>(Flags.StateDir, FlagValue.Text, noAcme);
        flags.Refuse<string>(Flags.AcmeDirectory, FlagValue.AcmeDirectory, noAcme);
        flags.Refuse<string>(Flags.AcmeEmail, FlagValue.Email, noAcme);
        flags.Refuse<string>(Flags.AcmeCaBundle, FlagValue.Text, noAcme);
        if (flags.Switch(Flags.ProxyProtocol))
        {
            flags.Error($"{Flags.ProxyProtocol.Name}: this version does not read PROXY protocol headers");
        }
    }
}
