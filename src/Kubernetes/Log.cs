using Microsoft.Extensions.Logging;

namespace IngressController.Kubernetes;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Error, Message = "Looking for changes in {Directory} failed; what was read before stays")]
    public static partial void LookFailed(ILogger logger, string directory, Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Identity} leads from now on: it writes status and Events")]
    public static partial void LeadershipBegins(this ILogger logger, string identity);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Identity} leads no longer; the Lease's last holder seen: '{Holder}'")]
    public static partial void LeadershipEnds(this ILogger logger, string identity, string holder);

    [LoggerMessage(Level = LogLevel.Critical, Message = "What the leader does ended by a bug; the Lease is given up")]
    public static partial void LeadFailed(this ILogger logger, Exception failure);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The Lease {Lease} cannot be read or written, so this replica cannot lead; traffic goes on: {Reason}")]
    public static partial void LeaseUnreachable(this ILogger logger, Cluster.NamespacedName lease, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The Lease {Lease} can be reached again")]
    public static partial void LeaseReachable(this ILogger logger, Cluster.NamespacedName lease);

    [LoggerMessage(Level = LogLevel.Information, Message = "The Lease was not given up and will run out: {Reason}")]
    public static partial void ReleaseFailed(this ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The status of Ingress {Ingress} cannot be written, and maybe that of others; it will be tried again: {Reason}")]
    public static partial void StatusFailed(this ILogger logger, Cluster.NamespacedName ingress, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The status of Ingresses can be written again")]
    public static partial void StatusRecovered(this ILogger logger);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Events cannot be written; what they would say is in this log; {Event}: {Reason}")]
    public static partial void EventFailed(this ILogger logger, Cluster.NamespacedName @event, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Events can be written again")]
    public static partial void EventRecovered(this ILogger logger);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Connection} does not accept the credential (401); it is obtained anew")]
    public static partial void CredentialRefused(ILogger logger, string connection);

    [LoggerMessage(Level = LogLevel.Error, Message = "Watching {Kind} failed by a bug; it starts again with a list")]
    public static partial void WatchFailed(ILogger logger, string kind, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Key}, to which an Ingress refers, cannot be read; it will be tried again: {Reason}")]
    public static partial void RecallFailed(ILogger logger, Cluster.ResourceKey key, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "An object of {Kind} cannot be understood and is passed over")]
    public static partial void ObjectUnreadable(ILogger logger, string kind, Exception exception);
}
