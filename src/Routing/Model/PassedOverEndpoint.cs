namespace IngressController.Routing.Model;

/// <summary>Why an endpoint of a Service gets no requests.</summary>
public enum PassedOverReason
{
    NotReady,
    Terminating,

    /// <summary>It is ready, and its topology hints say that it is for other nodes or zones.</summary>
    Elsewhere,
}

/// <summary>An endpoint with a backend's port that is not among its destinations.</summary>
/// <param name="Zone">Null where it is not known.</param>
public readonly record struct PassedOverEndpoint(Destination Destination, string? Zone, PassedOverReason Why);
