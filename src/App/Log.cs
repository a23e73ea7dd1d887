using System.Runtime.InteropServices;

namespace IngressController.App;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Information, "Listening: http {Http}, https {Https}, admin {Admin}")]
    public static partial void Listening(this ILogger log, string http, string https, string admin);

    [LoggerMessage(LogLevel.Warning, "--http3: this machine has no QUIC (on Linux: libmsquic), so HTTP/1.1 and HTTP/2 are spoken and HTTP/3 is not")]
    public static partial void NoHttp3(this ILogger log);

    [LoggerMessage(LogLevel.Warning, "Standard output is closed, so there is no access log; --access-log off says that none is wanted")]
    public static partial void NoAccessLog(this ILogger log);

    [LoggerMessage(LogLevel.Warning, "The {Signal} could not be pushed to {Endpoint}; it will be tried again, and this is not said again until it succeeds")]
    public static partial void PushFailed(this ILogger log, string signal, Uri endpoint);

    [LoggerMessage(LogLevel.Information, "The {Signal} are pushed to {Endpoint} again")]
    public static partial void PushRecovered(this ILogger log, string signal, Uri endpoint);

    [LoggerMessage(LogLevel.Information, "{Summary}")]
    public static partial void Ready(this ILogger log, string summary);

    [LoggerMessage(LogLevel.Error, "The configuration cannot be applied; the last good one stays in place and everything will be tried again")]
    public static partial void ApplyFailed(this ILogger log, Exception failure);

    [LoggerMessage(LogLevel.Information, "The configuration is applied again after {Failures} failed tries")]
    public static partial void ApplyRecovered(this ILogger log, int failures);

    [LoggerMessage(LogLevel.Critical, "Reading {Source} ended by a bug; what is served stays, and reading starts again")]
    public static partial void SourceFailed(this ILogger log, Exception failure, string source);

    [LoggerMessage(LogLevel.Critical, "Reporting problems failed by a bug")]
    public static partial void ReportFailed(this ILogger log, Exception failure);

    [LoggerMessage(LogLevel.Critical, "Working out what to write to the cluster failed by a bug")]
    public static partial void FollowFailed(this ILogger log, Exception failure);

    [LoggerMessage(LogLevel.Warning, "Problem: {Problem}")]
    public static partial void ProblemFound(this ILogger log, string problem);

    [LoggerMessage(LogLevel.Information, "Cured: {Problem}")]
    public static partial void ProblemCured(this ILogger log, string problem);

    [LoggerMessage(LogLevel.Warning, "{Found} more problems and {Cured} more cures; `ingress-controller check` lists all problems")]
    public static partial void MoreProblems(this ILogger log, int found, int cured);

    [LoggerMessage(LogLevel.Information, "{Signal}: not ready from now on; accepting for another {Delay}, then finishing requests for up to {GracePeriod}")]
    public static partial void ShutdownBegins(this ILogger log, PosixSignal signal, string delay, string gracePeriod);

    [LoggerMessage(LogLevel.Warning, "The grace period of {GracePeriod} is over: requests still in flight are cut off")]
    public static partial void GracePeriodOver(this ILogger log, string gracePeriod);

    [LoggerMessage(LogLevel.Information, "Routes changed: {Added} hosts new, {Changed} changed, {Removed} gone: {Examples}")]
    public static partial void RoutesChanged(this ILogger log, int added, int changed, int removed, string examples);

    [LoggerMessage(LogLevel.Warning, "The token of the admin port cannot be read, so nobody has it: {File} {Failure}")]
    public static partial void AdminTokenUnreadable(this ILogger log, string file, string failure);

    [LoggerMessage(LogLevel.Error, "Requests in flight could not be waited for")]
    public static partial void DrainFailed(this ILogger log, Exception failure);
}
