namespace IngressController.Kubernetes.Wire;

/// <summary>meta.k8s.io/v1 Status: the body of answers that are no success.</summary>
internal sealed class Status
{
    public string? Message { get; init; }

    public string? Reason { get; init; }

    public int? Code { get; init; }
}
