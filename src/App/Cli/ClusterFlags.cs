using IngressController.Cluster;
using IngressController.Kubernetes.Api;
using IngressController.Kubernetes.Watching;
using IngressController.Routing.Translation;

namespace IngressController.App.Cli;

/// <summary>The flags and variables that say which cluster is read.</summary>
internal static class ClusterFlags
{
    /// <summary>--kubeconfig, else the cluster that the program runs in, else $KUBECONFIG, else ~/.kube/config. A --context means a kubeconfig.</summary>
    /// <returns>Null where there is none to be had; then that is an error.</returns>
    public static ApiConnection? Read(FlagReader flags, IReadOnlyDictionary<string, string> environment)
    {
        var file = flags.One<string?>(Flags.Kubeconfig, FlagValue.Text!, null);
        var context = flags.One<string?>(Flags.Context, FlagValue.Text!, null);
        try
        {
            return file is null && context is null && environment.TryGetValue("KUBERNETES_SERVICE_HOST", out var host) && ApiConnection.HasServiceAccount()
                ? ApiConnection.InCluster(host, environment.GetValueOrDefault("KUBERNETES_SERVICE_PORT") ?? "443")
                : ApiConnection.FromKubeconfig(file is null ? FilesOf(environment) : [file], context);
        }
        catch (ConnectionException e)
        {
            flags.Error(e.Message);
            return null;
        }
    }

    /// <summary>The watched namespaces, and what decides the meaning of objects wherever it is.</summary>
    public static ReadingOptions Reading(FlagReader flags, TranslationOptions translation) => new()
    {
        Namespaces = flags.Many<string>(Flags.WatchNamespace, FlagValue.DnsSubdomain),
        Backends = translation.DefaultBackendService is { } backend ? [backend.Service] : [],
        Secrets = translation.DefaultTlsSecret is { } secret ? [secret] : [],
        ConfigMaps = new[] { translation.TcpServices, translation.UdpServices }.OfType<NamespacedName>().ToEquatableArray(),
    };

    /// <summary>Flags that say something about a cluster say nothing beside --manifests.</summary>
    /// <returns>Null.</returns>
    public static ApiConnection? ExcludedByManifests(FlagReader flags)
    {
        foreach (var flag in new[] { Flags.Kubeconfig, Flags.Context, Flags.WatchNamespace, Flags.PublishService, Flags.PublishAddress, Flags.PodName, Flags.PodNamespace }.Where(flags.IsGiven))
        {
            flags.Error($"{flag.Name} is about a cluster, and {Flags.Manifests.Name} reads none; give one of them");
        }

        return null;
    }

    private static string[] FilesOf(IReadOnlyDictionary<string, string> environment)
    {
        var named = (environment.GetValueOrDefault("KUBECONFIG") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return named.Length > 0 ? named : [Path.Combine(environment.GetValueOrDefault("HOME") ?? "/", ".kube", "config")];
    }
}
