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
        return WritingOptions.For(
            new PublishOptions(flags.One<NamespacedName?>(Flags.PublishService, FlagValue.OptionalObjectName, null), flags.Many<LoadBalancerAddress>(Flags.PublishAddress, FlagValue.PublishedAddress)),
            new(
                flags.One(Flags.PodNamespace, FlagValue.DnsSubdomain, connection.Namespace),
                flags.One(Flags.PodName, FlagValue.DnsSubdomain, Environment.MachineName)),
            options.Translation,
            options.Reading.Namespaces);
    }
}
