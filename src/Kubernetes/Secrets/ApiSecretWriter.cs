using System.Net;
using System.Text.Json.Serialization.Metadata;
using IngressController.Cluster;
using IngressController.Kubernetes.Api;
using IngressController.Kubernetes.Wire;
using Secret = IngressController.Cluster.Resources.Secret;

namespace IngressController.Kubernetes.Secrets;

/// <summary>Secrets in the API server; a version is a resourceVersion. Thread-safe.</summary>
/// <param name="manager">Whose fields these are, in metadata.managedFields.</param>
public sealed class ApiSecretWriter(ApiClient api, string manager) : ISecretWriter
{
    private const string Rule = "- {apiGroups: [\"\"], resources: [secrets], verbs: [get, create, update]}";

    public async Task<StoredSecret?> FindAsync(NamespacedName name, CancellationToken cancellationToken)
    {
        try
        {
            return await GetAsync(name, WireContext.Default.Secret, cancellationToken) is { } found ? new(found.ToResource(), found.Metadata?.ResourceVersion ?? "") : null;
        }
        catch (Exception failure) when (IsOrdinary(failure))
        {
            throw new IOException($"Secret {name} cannot be read: {Explain(failure, name)}", failure);
        }
    }

    public async Task<string?> WriteAsync(Secret secret, string? version, CancellationToken cancellationToken)
    {
        var name = secret.Metadata.Name;
        try
        {
            var written = await (version is null ? CreateAsync(secret, cancellationToken) : ReplaceAsync(secret, version, cancellationToken));
            return written?.Metadata.ResourceVersion;
        }
        catch (ApiException answer) when (answer.StatusCode == HttpStatusCode.Conflict)
        {
            return null;
        }
        catch (ApiException failure)
        {
            throw new IOException($"Secret {name} cannot be written: {Explain(failure, name)}", failure);
        }
        catch (Exception failure) when (IsOrdinary(failure))
        {
            throw new IOException($"nobody can say whether Secret {name} was written: {Explain(failure, name)}", failure);
        }
    }

    private Task<WrittenSecret?> CreateAsync(Secret secret, CancellationToken cancellationToken) =>
        api.CreateAsync(Writing(CollectionOf(secret.Metadata.Name)), new WrittenSecret().Saying(secret), WritingContext.Default.WrittenSecret, cancellationToken)!;

    /// <summary>Reads it first, for the fields that others have set.</summary>
    /// <returns>Null where it is gone, or another than the version.</returns>
    private async Task<WrittenSecret?> ReplaceAsync(Secret secret, string version, CancellationToken cancellationToken)
    {
        var name = secret.Metadata.Name;
        var current = await GetAsync(name, WritingContext.Default.WrittenSecret, cancellationToken);
        if (current?.Metadata.ResourceVersion != version)
        {
            return null;
        }

        try
        {
            return await api.ReplaceAsync(Writing(PathOf(name)), current.Saying(secret), WritingContext.Default.WrittenSecret, cancellationToken);
        }
        catch (ApiException answer) when (answer.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private async Task<T?> GetAsync<T>(NamespacedName name, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await api.GetAsync(PathOf(name), type, cancellationToken);
        }
        catch (ApiException answer) when (answer.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private string Writing(string path) => $"{path}?fieldManager={Uri.EscapeDataString(manager)}";

    private static string PathOf(NamespacedName name) => $"{CollectionOf(name)}/{name.Name}";

    /// <exception cref="IOException">It is not a name, and could lead anywhere.</exception>
    private static string CollectionOf(NamespacedName name) => DnsName.IsSubdomain(name.Namespace) && DnsName.IsSubdomain(name.Name)
        ? $"/api/v1/namespaces/{name.Namespace}/secrets"
        : throw new IOException("it is not a name of lower-case letters, digits, '-' and '.'");

    private static bool IsOrdinary(Exception failure) => failure is ApiException or ConnectionException or HttpRequestException or IOException or TimeoutException;

    private static string Explain(Exception failure, NamespacedName name) => failure switch
    {
        ApiException { StatusCode: HttpStatusCode.Forbidden } when failure.Message.Contains("\" cannot ", StringComparison.Ordinal) =>
            $"{failure.Message}. Add to the rules of the Role in namespace {name.Namespace}, or of the ClusterRole: {Rule}",
        ApiException answer => $"{(int)answer.StatusCode} {answer.Message}",
        _ => failure.GetBaseException().Message,
    };
}
