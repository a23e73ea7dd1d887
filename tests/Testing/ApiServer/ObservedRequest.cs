namespace IngressController.Testing.ApiServer;

/// <summary>A request as the server understood it, before anything refused it.</summary>
/// <param name="Verb">create, get, list, watch, update, patch, delete.</param>
/// <param name="Resource">With its subresource: <c>ingresses/status</c>.</param>
/// <param name="Namespace">Empty at the cluster scope.</param>
public sealed record ObservedRequest(string Verb, string Resource, string Namespace, string Name, string Query)
{
    /// <summary>Empty where the server did not know who asked.</summary>
    public string User { get; init; } = "";
}
