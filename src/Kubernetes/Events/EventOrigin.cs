namespace IngressController.Kubernetes.Events;

/// <summary>Who reports.</summary>
/// <param name="Controller">The controller's name; a qualified name (<c>example.com/controller</c>), or the API server refuses it.</param>
/// <param name="Instance">The pod's name.</param>
public sealed record EventOrigin(string Controller, string Instance);
