namespace IngressController.Kubernetes.Manifests;

/// <summary>Where an object stands.</summary>
/// <param name="File">Relative to the directory, with <c>/</c>.</param>
/// <param name="Line">Where the object begins, counted from 1.</param>
public readonly record struct Origin(string File, int Line);
