using Microsoft.Extensions.Logging;

namespace IngressController.Kubernetes;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Error, Message = "Looking for changes in {Directory} failed; what was read before stays")]
    public static partial void LookFailed(ILogger logger, string directory, Exception exception);
}
