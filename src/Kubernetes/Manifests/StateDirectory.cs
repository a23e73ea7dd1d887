using System.Security.Cryptography;
using System.Text.Json;
using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Kubernetes.Manifests.Decoding;
using IngressController.Kubernetes.Manifests.Files;
using IngressController.Kubernetes.Wire;
using Secret = IngressController.Cluster.Resources.Secret;

namespace IngressController.Kubernetes.Manifests;

/// <summary>
/// Secrets as files <c>NAMESPACE/NAME.json</c>, which are read as manifests are; a version is a hash of the file. The directory belongs to one process at a time: to the
/// first that asks, until it is disposed. Thread-safe.
/// </summary>
public sealed class StateDirectory(string directory) : ISecretWriter, IDisposable
{
    private const string LockName = ".lock";
    private const long MaximumLength = ManifestFile.MaximumDocumentBytes;

    private readonly Lock gate = new();
    private FileStream? owned;

    /// <summary>Makes it where it is not there, for us alone.</summary>
    /// <exception cref="IOException">It cannot be; the message says why.</exception>
    public static void Create(string directory)
    {
        try
        {
            DurableFile.CreateDirectory(directory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new IOException(IOCause.Of(e), e);
        }
    }

    public Task<StoredSecret?> FindAsync(NamespacedName name, CancellationToken cancellationToken) => InTurn(
        () => Find(PathOf(name), name), $"Secret {name} cannot be read from {directory}", cancellationToken);

    public Task<string?> WriteAsync(Secret secret, string? version, CancellationToken cancellationToken) => InTurn(
        () => Write(PathOf(secret.Metadata.Name), secret, version), $"Secret {secret.Metadata.Name} cannot be written to {directory}", cancellationToken);

    public void Dispose()
    {
        lock (gate)
        {
            owned?.Dispose();
            owned = null;
        }
    }

    /// <summary>Disks are slow, and have no way to be waited for but a thread.</summary>
    private Task<T> InTurn<T>(Func<T> work, string failure, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            lock (gate)
            {
                try
                {
                    Own();
                    return work();
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    throw new IOException($"{failure}: {IOCause.Of(e)}", e);
                }
            }
        },
        cancellationToken);

    /// <summary>Whoever has the directory alone may take away what a crash left.</summary>
    private void Own()
    {
        if (owned is not null)
        {
            return;
        }

        DurableFile.CreateDirectory(directory);
        var path = Path.Join(directory, LockName);
        RefuseLink(path);
        try
        {
            owned = new FileStream(path, DurableFile.Options(FileMode.OpenOrCreate, FileShare.None));
        }
        catch (IOException e)
        {
            throw new IOException($"{IOCause.Of(e).TrimEnd('.')}. Give every process a --state-dir of its own, with room, that it may write to", e);
        }

        foreach (var space in Directory.EnumerateDirectories(directory))
        {
            File.Delete(Path.Join(space, DurableFile.Unfinished));
        }
    }

    private static StoredSecret? Find(string path, NamespacedName name)
    {
        if (Read(path) is not { } bytes)
        {
            return null;
        }

        using var stream = new MemoryStream(bytes);
        var reading = ManifestFile.Read(stream, path);
        return reading.Objects is [{ Resources: [Secret secret] }] && secret.Metadata.Name == name
            ? new(secret, VersionOf(bytes))
            : throw new IOException($"{path} is something else{(reading.Problems is [var problem, ..] ? $": {problem.Message}" : "")}. Mend it or take it away");
    }

    private static string? Write(string path, Secret secret, string? version)
    {
        if ((Read(path) is { } present ? VersionOf(present) : null) != version)
        {
            return null;
        }

        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json, new() { Indented = true })) // people set annotations by hand here
        {
            JsonSerializer.Serialize(writer, new WrittenSecret().Saying(secret), WritingContext.Default.WrittenSecret);
        }

        DurableFile.CreateDirectory(Path.GetDirectoryName(path)!);
        DurableFile.Write(path, json.ToArray());
        return VersionOf(json.ToArray());
    }

    /// <returns>Null where there is none.</returns>
    private static byte[]? Read(string path)
    {
        RefuseLink(Path.GetDirectoryName(path)!);
        RefuseLink(path);
        var stamp = FileStamp.Of(path);
        return stamp.Type switch
        {
            FileType.Missing => null,
            FileType.Regular when stamp.Size <= MaximumLength => File.ReadAllBytes(path),
            _ => throw new IOException($"{path} is no file, or far too large for a Secret. Take it away"),
        };
    }

    /// <summary>What is secret stays in the directory that was given for it.</summary>
    private static void RefuseLink(string path)
    {
        if (new FileInfo(path).LinkTarget is not null)
        {
            throw new IOException($"{path} is a link. Put what it leads to in its place");
        }
    }

    private static string VersionOf(byte[] file) => Convert.ToHexStringLower(SHA256.HashData(file));

    /// <exception cref="IOException">It is not a name, and could lead anywhere.</exception>
    private string PathOf(NamespacedName name) => DnsName.IsSubdomain(name.Namespace) && DnsName.IsSubdomain(name.Name)
        ? Path.Join(directory, name.Namespace, $"{name.Name}.json")
        : throw new IOException("it is not a name of lower-case letters, digits, '-' and '.'");
}
