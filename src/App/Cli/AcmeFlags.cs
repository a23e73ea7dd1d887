using IngressController.Certificates.Acme;
using IngressController.Cluster;
using IngressController.Routing.Translation;

namespace IngressController.App.Cli;

/// <summary>The flags that say how certificates are obtained, and where what must be kept is kept.</summary>
internal static class AcmeFlags
{
    /// <summary>As annotations name the authority of the flags; others have names of their own.</summary>
    private const string First = "default";

    /// <summary>Where directory mode has what stands beside the Lease in a cluster.</summary>
    private const string DirectoryNamespace = "ingress-controller";

    /// <param name="options">With everything that decides who we are.</param>
    public static RunOptions Read(FlagReader flags, RunOptions options)
    {
        var directory = flags.One<string?>(Flags.StateDir, AcmeFlagValue.StateDirectory!, null);
        var isDirectoryMode = flags.IsGiven(Flags.Manifests);
        if (flags.IsGiven(Flags.StateDir) && !isDirectoryMode)
        {
            flags.Error($"{Flags.StateDir.Name} is for {Flags.Manifests.Name}; a cluster keeps everything itself");
        }

        if (directory is not null && options.ManifestsDirectory is { } manifests && IsInside(directory, manifests))
        {
            flags.Error($"{Flags.StateDir.Name} is inside {Flags.Manifests.Name}, where it would be read twice; give another directory");
        }

        var acme = ReadOptions(flags, options.Writing?.Lease.Lease ?? LeaseOfDirectory(options.Translation));
        if (acme is not null && isDirectoryMode && !flags.IsGiven(Flags.StateDir))
        {
            flags.Error($"certificates that are obtained must be kept; give {Flags.StateDir.Name} DIR beside {Flags.Manifests.Name}");
        }

        return options with
        {
            StateDirectory = directory,
            Acme = acme,
            Reading = acme is null ? options.Reading : options.Reading with { Secrets = [.. options.Reading.Secrets, acme.State] },
        };
    }

    /// <summary>What stands for the Lease where there is none.</summary>
    public static NamespacedName LeaseOfDirectory(TranslationOptions translation) => WritingOptions.LeaseOf(DirectoryNamespace, translation, []);

    /// <param name="lease">What the replicas share.</param>
    /// <returns>Null: no certificates are obtained.</returns>
    public static AcmeOptions? ReadOptions(FlagReader flags, NamespacedName lease)
    {
        if (!flags.IsGiven(Flags.AcmeEmail) && !flags.IsGiven(Flags.AcmeDirectory))
        {
            foreach (var flag in Flags.OfAcme.Where(flags.IsGiven))
            {
                flags.Error($"{flag.Name} says nothing without {Flags.AcmeEmail.Name} or {Flags.AcmeDirectory.Name}");
            }

            return null;
        }

        var issuers = new List<Issuer> { new IssuerSettings(flags).Read(First) };
        foreach (var (origin, text) in flags.Find(Flags.AcmeIssuer))
        {
            if (IssuerSettings.Of(flags, origin, text) is not var (name, settings))
            {
                continue;
            }

            if (issuers.Exists(issuer => issuer.Name == name))
            {
                flags.Error($"{origin}: there are two issuers '{name}'{(name == First ? $"; so the one of {Flags.AcmeDirectory.Name} is called" : "")}");
            }

            issuers.Add(settings.Read(name));
        }

        var state = lease with { Name = flags.One(Flags.AcmeStateSecret, FlagValue.DnsSubdomain, $"{lease.Name}-acme") };
        return new(issuers.ToEquatableArray(), state, WritingOptions.ManagerOf(lease))
        {
            AllowedDomains = flags.Many<string>(Flags.AcmeAllowedDomain, FlagValue.DnsSubdomain),
            AllowsInternalNames = flags.Switch(Flags.AcmeAllowInternalNames),
        };
    }

    private static bool IsInside(string directory, string other) =>
        $"{Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory))}/".StartsWith($"{Path.TrimEndingDirectorySeparator(Path.GetFullPath(other))}/", StringComparison.Ordinal);
}
