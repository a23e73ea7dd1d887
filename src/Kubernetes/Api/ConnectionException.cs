namespace IngressController.Kubernetes.Api;

/// <summary>It cannot be worked out how to talk to the API server, or as whom. The message names the file, the context and the cure.</summary>
public sealed class ConnectionException(string message, Exception? cause = null) : Exception(message, cause);
