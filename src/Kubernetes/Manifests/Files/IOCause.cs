namespace IngressController.Kubernetes.Manifests.Files;

/// <summary>Why a file cannot be read, in a word or two; .NET's messages repeat the path.</summary>
internal static class IOCause
{
    public static string Of(Exception e) => e switch
    {
        FileNotFoundException or DirectoryNotFoundException => "no such file or directory",
        UnauthorizedAccessException => "permission denied",
        _ => e.Message,
    };
}
