using Microsoft.Extensions.Logging;

namespace IngressController.Kubernetes;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Error, Message = "Looking for changes in {Directory} failed; what was read before stays")]
    public static partial void LookFailed(ILogger logger, string directory, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Connection} does not accept the credential (401); it is obtained anew")]
    public static partial void CredentialRefused(ILogger logger, string connection);

    [LoggerMessage(Level = LogLevel.Error, Message = "Watching {Kind} failed by a bug; it starts again with a list")]
    public static partial void WatchFailed(ILogger logger, string kind, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "An object of {Kind} cannot be understood and is passed over")]
    public static partial void ObjectUnreadable(ILogger logger, string kind, Exception exception);
}
