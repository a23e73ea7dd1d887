using IngressController.Cluster;

namespace IngressController.Kubernetes.Watching;

internal enum NewsKind
{
    /// <summary>An object came, changed or went.</summary>
    Changed,

    /// <summary>An object came or changed, and was not read, because nothing refers to it.</summary>
    PassedOver,

    /// <summary>An object that was passed over was read after all. Beside the order of the others.</summary>
    Recalled,

    /// <summary>Everything that was there has been told.</summary>
    Listed,

    /// <summary>Reading is in trouble, or out of it again.</summary>
    Troubled,
}

/// <summary>What a reflector tells, in the order in which it happened.</summary>
/// <param name="Problem">Of <see cref="NewsKind.Troubled"/>; null where the trouble is over.</param>
/// <param name="IsRefused">Of <see cref="NewsKind.Troubled"/>: the API server does not let us read this.</param>
internal readonly record struct News(Reflector From, NewsKind Kind, ResourceChange Change = default, Problem? Problem = null, bool IsRefused = false)
{
    /// <summary>When a watch told of it, a timestamp of the <see cref="TimeProvider"/>; null for what was listed.</summary>
    public long? Watched { get; init; }

    /// <summary>Of <see cref="NewsKind.Recalled"/>.</summary>
    public Recall? Answers { get; init; }
}
