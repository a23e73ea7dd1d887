using System.Threading.Channels;
using IngressController.Cluster.Resources;

namespace IngressController.Cluster;

/// <summary>Where objects come from: a cluster's API server or a directory of manifests.</summary>
public interface IClusterSource
{
    /// <summary>For people, e.g. <c>manifests in ./samples</c>.</summary>
    string Description { get; }

    /// <summary>Writes what is there, then every change, until cancelled. Never ends by itself and never throws for trouble at the source.</summary>
    Task RunAsync(ChannelWriter<SourceUpdate> updates, CancellationToken cancellationToken);
}

/// <summary>One object as it is now; null where it is gone.</summary>
public readonly record struct ResourceChange(ResourceKey Key, IResource? Resource);

/// <summary>What changed at the source since the last update.</summary>
/// <param name="Changes">Objects that came, changed or went.</param>
/// <param name="Problems">All of the source's own problems as they stand now.</param>
/// <param name="IsSynced">Everything that was there at the start has been read. Stays true.</param>
public sealed record SourceUpdate(EquatableArray<ResourceChange> Changes, EquatableArray<Problem> Problems, bool IsSynced)
{
    /// <summary>
    /// When the first of the changes was seen, a timestamp of the source's <see cref="TimeProvider"/>; null where that says nothing about how quick we are, as of what
    /// was there at the start.
    /// </summary>
    public long? Came { get; init; }
}
