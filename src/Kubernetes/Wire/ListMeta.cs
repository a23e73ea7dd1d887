namespace IngressController.Kubernetes.Wire;

/// <summary>metadata of a list.</summary>
internal sealed class ListMeta
{
    public string? ResourceVersion { get; init; }

    /// <summary>Leads to the next page; null or empty on the last.</summary>
    public string? Continue { get; init; }
}
