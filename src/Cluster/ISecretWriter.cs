using IngressController.Cluster.Resources;

namespace IngressController.Cluster;

/// <summary>Where the leader keeps what it makes for everybody: the Secrets of the cluster, or files that are read like manifests. What is written comes back as news.</summary>
public interface ISecretWriter
{
    /// <summary>The Secret as it is at this moment, not as it was when it was last in the news; null where there is none.</summary>
    /// <exception cref="IOException">It cannot be read; the message names the cure.</exception>
    Task<StoredSecret?> FindAsync(NamespacedName name, CancellationToken cancellationToken);

    /// <summary>Whole or not at all, also in a crash.</summary>
    /// <param name="version">Of the Secret that is replaced; null to make a new one.</param>
    /// <returns>The new version; null where somebody else was first: the Secret is there already, has changed or is gone.</returns>
    /// <exception cref="IOException">It cannot be written, or nobody can say whether it was; the message names the cure.</exception>
    Task<string?> WriteAsync(Secret secret, string? version, CancellationToken cancellationToken);
}

/// <param name="Version">Changes with every change of the Secret.</param>
public sealed record StoredSecret(Secret Secret, string Version);
