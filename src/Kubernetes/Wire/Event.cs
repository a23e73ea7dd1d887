namespace IngressController.Kubernetes.Wire;

/// <summary>events.k8s.io/v1 Event. The API server lets nothing of it be changed later but its series.</summary>
internal sealed record Event
{
    public string ApiVersion { get; init; } = "events.k8s.io/v1";

    public string Kind { get; init; } = "Event";

    public required EventMeta Metadata { get; init; }

    /// <summary>RFC 3339 with microseconds.</summary>
    public required string EventTime { get; init; }

    public required string ReportingController { get; init; }

    public required string ReportingInstance { get; init; }

    public required string Action { get; init; }

    public required string Reason { get; init; }

    public required ObjectReference Regarding { get; init; }

    public required string Note { get; init; }

    public required string Type { get; init; }
}

internal sealed record EventMeta(string Name, string Namespace);

/// <param name="Namespace">Null for cluster-scoped objects.</param>
/// <param name="Uid">Null where it is not known.</param>
internal sealed record ObjectReference(string ApiVersion, string Kind, string? Namespace, string Name, string? Uid);

/// <summary>What a repeated Event gets.</summary>
internal sealed record EventPatch(EventSeries Series);

/// <param name="Count">At least 2.</param>
internal sealed record EventSeries(int Count, string LastObservedTime);

/// <summary>An Event of which only the repetitions matter.</summary>
/// <param name="Series">Null where there are none.</param>
internal sealed record EventView(EventSeries? Series);
