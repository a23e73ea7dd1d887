using System.Net;
using IngressController.Kubernetes.Api;

namespace IngressController.Kubernetes.Watching;

/// <summary>Where a reflector stands in the history of the API server.</summary>
internal sealed class Position
{
    /// <summary>So many lists in a row that are older than what we have seen come from a cache that lags; one more, and history was put back.</summary>
    private const int StaleListsRefused = 2;

    private string? newest;
    private int staleLists;

    /// <summary>Where the next watch begins; null where a list is due.</summary>
    public string? Current { get; private set; }

    public void Lose() => Current = null;

    /// <summary>Before anything of a list is told.</summary>
    /// <exception cref="ApiException">It is of a time before what we know, and would take objects away that are there.</exception>
    public void RefuseIfStale(string? version)
    {
        if (IsBefore(version, newest) && staleLists < StaleListsRefused)
        {
            staleLists++;
            throw new ApiException(HttpStatusCode.ServiceUnavailable, "", $"the list is of {version}, older than {newest}, which was read before");
        }
    }

    public void Listed(string version) => (Current, newest, staleLists) = (version, version, 0);

    /// <summary>Before an event is told.</summary>
    /// <exception cref="ApiException">It comes from another history.</exception>
    public void RefuseIfBack(string? version)
    {
        if (IsBefore(version, Current))
        {
            throw new ApiException(HttpStatusCode.Gone, "Expired", $"the history went back from {Current} to {version}");
        }
    }

    /// <param name="version">Of an event that was told.</param>
    public void Move(string? version) => Current = newest = string.IsNullOrEmpty(version) ? Current : version;

    /// <summary>The API says that versions are opaque but for this: of one kind of objects they grow (KEP-5504); what is no number is not compared.</summary>
    private static bool IsBefore(string? version, string? other) => ulong.TryParse(version, out var a) && ulong.TryParse(other, out var b) && a < b;
}
