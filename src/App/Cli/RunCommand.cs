using System.CommandLine;
using System.Net;
using System.Net.Security;
using IngressController.App.Metrics;

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

    internal static RunOptions Read(FlagReader flags, IReadOnlyDictionary<string, string> environment)
    {
        var directory = flags.One<string?>(Flags.Manifests, ManifestsDirectory.Exists!, null);
        var isDirectory = flags.IsGiven(Flags.Manifests);
        var connection = isDirectory ? ClusterFlags.ExcludedByManifests(flags) : ClusterFlags.Read(flags, environment);
        var translation = TranslationFlags.Read(flags) with { AllowLocalTargets = isDirectory };
        var identity = connection is null && !isDirectory ? TelemetryIdentity.Here : TelemetryFlags.Identity(flags, connection);
        var defaults = new RunOptions { ManifestsDirectory = directory };
        var options = defaults with
        {
            BindAddress = flags.One<IPAddress?>(Flags.BindAddress, FlagValue.Address, null),
            HttpPort = flags.One(Flags.HttpPort, FlagValue.Port, defaults.HttpPort),
            HttpsPort = flags.One(Flags.HttpsPort, FlagValue.Port, defaults.HttpsPort),
            PublicHttpsPort = flags.One(Flags.PublicHttpsPort, FlagValue.Port, defaults.PublicHttpsPort),
            AdminPort = flags.One(Flags.AdminPort, FlagValue.Port, defaults.AdminPort),
            AdminTokenFile = flags.One<string?>(Flags.AdminTokenFile, FlagValue.TokenFile!, null),
            AdminAllowRemote = flags.Switch(Flags.AdminAllowRemote),
            TlsMinVersion = flags.One(Flags.TlsMinVersion, TlsFlagValue.Version, defaults.TlsMinVersion),
            TlsCiphers = flags.Many<TlsCipherSuite>(Flags.TlsCiphers, TlsFlagValue.Cipher),
            Connection = connection,
            Reading = ClusterFlags.Reading(flags, translation),
            Translation = translation,
            StaplesOcsp = !flags.Switch(Flags.NoOcspStapling),
            TrustedProxies = flags.Many<IPNetwork>(Flags.TrustedProxies, FlagValue.Cidr),
            Limits = LimitFlags.Read(flags),
            ProxyProtocol = flags.Switch(Flags.ProxyProtocol),
            Http3 = flags.Switch(Flags.Http3),
            MaxBodySize = flags.One<long?>(Flags.MaxBodySize, FlagValue.Size, null),
            ShutdownDelay = flags.One(Flags.ShutdownDelay, FlagValue.Duration, defaults.ShutdownDelay),
            ShutdownGracePeriod = flags.One(Flags.ShutdownGracePeriod, FlagValue.Duration, defaults.ShutdownGracePeriod),
            Metrics = TelemetryFlags.Metrics(flags, identity, translation.ControllerNames[0]),
            Identity = identity,
            Tracing = TracingFlags.Read(flags),
            LogFormat = flags.One<LogFormat>(Flags.LogFormat, FlagValue.LogFormat, defaults.LogFormat),
            AccessLogFormat = AccessLogFlags.Format(flags),
            AccessLogFilter = AccessLogFlags.Filter(flags),
        };
        if (connection is not null)
        {
            var writing = WritingFlags.Read(flags, options, connection);
            options = options with { Writing = writing, Reading = options.Reading with { Services = writing.Publish.Service is { } service ? [service] : [] } };
        }

        options = AcmeFlags.Read(flags, options);

        if (options.ProxyProtocol && !flags.IsGiven(Flags.TrustedProxies))
        {
            flags.Error($"{Flags.ProxyProtocol.Name} takes headers from trusted peers only; give {Flags.TrustedProxies.Name} with the load balancer's networks");
        }

        options = options with { Translation = translation with { OwnPorts = [options.HttpPort, options.HttpsPort, options.AdminPort] } };
        if (options is { Http3: true, ProxyProtocol: true })
        {
            flags.Error($"{Flags.Http3.Name} and {Flags.ProxyProtocol.Name} exclude each other: the PROXY protocol does not go before QUIC");
        }

        if (options is { Http3: true, HttpsPort: 0 })
        {
            flags.Error($"{Flags.Http3.Name} needs an {Flags.HttpsPort.Name} other than 0, because TCP and UDP must have the same");
        }

        RefuseSharedPorts(flags, (Flags.HttpPort, options.HttpPort), (Flags.HttpsPort, options.HttpsPort), (Flags.AdminPort, options.AdminPort));
        return options;
    }

    private static void RefuseSharedPorts(FlagReader flags, params ReadOnlySpan<(Flag Flag, int Port)> ports)
    {
        for (var first = 0; first < ports.Length; first++)
        {
            foreach (var second in ports[(first + 1)..])
            {
                if (ports[first].Port == second.Port && second.Port != 0)
                {
                    flags.Error($"{ports[first].Flag.Name} and {second.Flag.Name} are both {second.Port}");
                }
            }
        }
    }
}
