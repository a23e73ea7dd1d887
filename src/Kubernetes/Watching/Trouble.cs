using System.Net;
using IngressController.Cluster;
using IngressController.Kubernetes.Api;

namespace IngressController.Kubernetes.Watching;

/// <summary>What to tell people about a failure to read.</summary>
internal static class Trouble
{
    /// <summary>Ordinary trouble of a network and of an API server; anything else is a bug.</summary>
    public static bool IsOrdinary(Exception failure) =>
        failure is ApiException or ConnectionException or HttpRequestException or IOException or TimeoutException or OperationCanceledException or ObjectDisposedException or System.Text.Json.JsonException;

    public static bool IsRefusal(Exception failure) => failure is ApiException { StatusCode: HttpStatusCode.Forbidden };

    public static bool IsExpired(Exception failure) => failure is ApiException { StatusCode: HttpStatusCode.Gone } or ApiException { Reason: "Expired" or "Gone" };

    public static WatchEnd EndOf(Exception failure) => failure switch
    {
        _ when IsExpired(failure) => WatchEnd.Expired,
        ApiException { StatusCode: HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized } => WatchEnd.Refused,
        ApiException => WatchEnd.Failed,
        SilenceException => WatchEnd.Silent,
        _ => IsOrdinary(failure) ? WatchEnd.Disconnected : WatchEnd.Bug,
    };

    public static Problem Describe(Exception failure, WatchScope scope, ApiConnection connection) => failure switch
    {
        ApiException { StatusCode: HttpStatusCode.Forbidden } => Forbidden(failure, scope),
        ApiException { StatusCode: HttpStatusCode.Unauthorized } => Unreachable(
            $"{connection.Description} does not accept who we are: {failure.Message}", "Give the kubeconfig a valid token, certificate or exec plugin, or the pod its service account"),
        ApiException e => Unreachable($"{connection.Description} cannot list and watch {scope.Description}: {(int)e.StatusCode} {e.Message}", ""),
        ConnectionException => Unreachable(failure.Message, ""),
        _ => Unreachable($"{connection.Description} cannot be reached: {Innermost(failure).Message}", "What was read before stays, and it is tried again"),
    };

    private static Problem Unreachable(string message, string cure) => new(ProblemCode.ApiUnreachable, Severity.Error, null, "", message, cure);

    private static Problem Forbidden(Exception failure, WatchScope scope)
    {
        var names = scope.ObjectName is { } name && scope.Namespace is not null ? $", resourceNames: [{name}]" : "";
        var rule = $"- {{apiGroups: [\"{scope.Kind.Group}\"], resources: [{scope.Kind.Plural}]{names}, verbs: [get, list, watch]}}";
        var role = scope.Namespace is null ? "ClusterRole" : $"Role in namespace {scope.Namespace}";
        return new(
            ProblemCode.ApiForbidden,
            scope.IsRequired && !scope.MayBeRefused ? Severity.Error : Severity.Warning,
            null,
            "",
            failure.Message,
            $"Add to the rules of the {role}: {rule}");
    }

    private static Exception Innermost(Exception failure)
    {
        while (failure.InnerException is { } cause)
        {
            failure = cause;
        }

        return failure;
    }
}
