using System.Globalization;
using IngressController.Cluster;
using IngressController.Routing.Model;

namespace IngressController.Routing.Explaining;

/// <summary>Which hosts a problem of an Ingress is about.</summary>
public static class ProblemHosts
{
    /// <summary>The host of the rule that a problem is about; null where it is about something else.</summary>
    public static HostName? OfRule(Problem problem, ClusterSnapshot snapshot) =>
        problem.Object is { Kind: ResourceKind.Ingress, Name: var name } && IndexIn(problem.Field, "spec.rules[") is { } rule
        && snapshot.Ingresses.GetValueOrDefault(name) is { } ingress && rule < ingress.Rules.Count
        && HostName.TryParse(ingress.Rules[rule].Host, out var host) ? host : null;

    /// <summary>Of an Ingress that names the host, and not about another host only.</summary>
    public static bool IsAbout(Problem problem, HostName host, ClusterSnapshot snapshot)
    {
        if (IndexIn(problem.Field, "spec.tls[") is { } entry && snapshot.Ingresses.GetValueOrDefault(problem.Object!.Value.Name) is { } ingress && entry < ingress.Tls.Count)
        {
            var named = ingress.Tls[entry].Hosts;
            return named.IsEmpty || named.AsEnumerable().Contains(host.Text, StringComparer.OrdinalIgnoreCase);
        }

        return OfRule(problem, snapshot) is not { } about || about == host;
    }

    /// <summary>An Ingress that nobody reads names the host, also where what it wrote is no host but looks like this one (a URL, a port).</summary>
    internal static bool Names(Problem problem, string host, IEnumerable<HostName> candidates) => problem.Hosts.AsEnumerable().Any(written =>
        HostName.TryParse(written, out var name)
            ? candidates.Contains(name)
            : Uri.TryCreate(written.Contains("://", StringComparison.Ordinal) ? written : $"http://{written}", UriKind.Absolute, out var url) && url.Host.Equals(host, StringComparison.OrdinalIgnoreCase));

    private static int? IndexIn(string field, string list)
    {
        var end = field.StartsWith(list, StringComparison.Ordinal) ? field.IndexOf(']', StringComparison.Ordinal) : -1;
        return end > 0 && int.TryParse(field.AsSpan(list.Length..end), NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null;
    }
}
