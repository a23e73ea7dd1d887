using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Kubernetes.Api;
using IngressController.Kubernetes.Status;

namespace IngressController.App.Cli;

/// <summary>The flags that say what is written to the cluster, and as whom.</summary>
internal static class WritingFlags
{
    public static WritingOptions Read(FlagReader flags, RunOptions options, ApiConnection connection)
    {
        var service = flags.One<NamespacedName?>(Flags.PublishService, FlagValue.OptionalObjectName, null);
        if (service is { } name && !options.WatchNamespaces.IsEmpty && !options.WatchNamespaces.Contains(name.Namespace))
        {
            flags.Error($"{Flags.PublishService.Name}: '{name}' is in none of the watched namespaces; add {Flags.WatchNamespace.Name} {name.Namespace}, or give {Flags.PublishAddress.Name}");
        }

        return WritingOptions.For(
            new PublishOptions(service, flags.Many<LoadBalancerAddress>(Flags.PublishAddress, FlagValue.PublishedAddress)),
            new(
                flags.One(Flags.PodNamespace, FlagValue.DnsSubdomain, connection.Namespace),
                flags.One(Flags.PodName, FlagValue.DnsSubdomain, Environment.MachineName)),
            options.Translation,
            options.WatchNamespaces);
    }
}
