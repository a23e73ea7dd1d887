using IngressController.Certificates.Acme;
using IngressController.Kubernetes.Api;
using IngressController.Kubernetes.Watching;
using IngressController.Routing.Translation;

namespace IngressController.App.Cli;

/// <summary>Which objects a command reads once, and what they mean: those of a cluster, or of a directory of manifests.</summary>
/// <param name="Connection">Null: the directory is read.</param>
/// <param name="State">Where the controller keeps what a cluster would keep; null: nowhere.</param>
/// <param name="Acme">How certificates would be obtained; null: nothing is said of that.</param>
internal sealed record ObjectSource(ApiConnection? Connection, string Directory, string? State, TranslationOptions Options, ReadingOptions Reading, AcmeOptions? Acme)
{
    /// <summary>But for the directory.</summary>
    public static Flag[] AllFlags { get; } =
        [Flags.Kubeconfig, Flags.Context, Flags.WatchNamespace, Flags.PodNamespace, Flags.StateDir, .. Flags.OfTranslation, .. Flags.OfAcme];

    public static bool IsCluster(FlagReader flags) => flags.IsGiven(Flags.Kubeconfig) || flags.IsGiven(Flags.Context);

    /// <summary>What does not go together is an error of <paramref name="flags"/>.</summary>
    /// <param name="name">As the command calls its directory.</param>
    /// <param name="isGiven">That directory.</param>
    /// <param name="directory">Asked only where no cluster is read.</param>
    public static ObjectSource Of(FlagReader flags, Terminal terminal, string name, bool isGiven, Func<string> directory)
    {
        var isCluster = IsCluster(flags);
        RefuseWhatGoesWithTheOther(flags, isCluster, name, isGiven);
        var connection = isCluster && !isGiven ? ClusterFlags.Read(flags, terminal.Environment) : null;
        var (read, state) = isCluster ? ("", null) : (directory(), ManifestsDirectory.State(flags));
        var options = TranslationFlags.Read(flags);
        var reading = ClusterFlags.Reading(flags, options);
        var acme = AcmeFlags.ReadOptions(flags, connection is null
            ? AcmeFlags.LeaseOfDirectory(options)
            : WritingOptions.LeaseOf(flags.One(Flags.PodNamespace, FlagValue.DnsSubdomain, connection.Namespace), options, reading.Namespaces));
        return new(connection, read, state, options, reading, acme);
    }

    public async Task<TranslatedObjects> ReadAsync(CancellationToken cancellationToken) => Connection is null
        ? TranslatedObjects.Read(Directory, State, Options, Acme)
        : await TranslatedCluster.ReadAsync(Connection, Reading, Options with { AllowLocalTargets = false }, Acme, cancellationToken);

    private static void RefuseWhatGoesWithTheOther(FlagReader flags, bool isCluster, string name, bool isGiven)
    {
        if (isCluster && isGiven)
        {
            flags.Error($"{name} and {Flags.Kubeconfig.Name} exclude each other");
        }

        if (isCluster && flags.IsGivenInArguments(Flags.StateDir))
        {
            flags.Error($"{Flags.StateDir.Name} is for {name}; a cluster keeps everything itself");
        }

        foreach (var flag in new[] { Flags.WatchNamespace, Flags.PodNamespace }.Where(flag => !isCluster && flags.IsGivenInArguments(flag)))
        {
            flags.Error($"{flag.Name} is about a cluster; give {Flags.Kubeconfig.Name} or {Flags.Context.Name}");
        }
    }
}
