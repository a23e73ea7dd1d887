using IngressController.Cluster.Resources;

namespace IngressController.Unit.Routing;

/// <summary>
/// The rules of docs/routing.md in the slowest and most obvious way: look at every path of every Ingress, keep those that match, sort them. Paths are
/// taken as plain text (no encodings); nothing of the room under test is used.
/// </summary>
internal static class ReferenceMatcher
{
    private sealed record Candidate(Ingress Ingress, IngressPath Path, int Position);

    /// <returns>The Service that answers; null for 404.</returns>
    public static string? Match(IEnumerable<Ingress> ingresses, string host, string path)
    {
        var oldestFirst = ingresses
            .OrderBy(ingress => ingress.Metadata.CreationTimestamp)
            .ThenBy(ingress => ingress.Metadata.Name.Namespace, StringComparer.Ordinal)
            .ThenBy(ingress => ingress.Metadata.Name.Name, StringComparer.Ordinal)
            .ToList();
        string[] asked = [host.ToLowerInvariant(), "*." + string.Join('.', host.ToLowerInvariant().Split('.').Skip(1)), ""];
        var chosen = asked.FirstOrDefault(name => oldestFirst.Any(ingress => ingress.Rules.Any(rule => (rule.Host ?? "") == name)));
        if (chosen is not null)
        {
            var candidates = new List<Candidate>();
            foreach (var ingress in oldestFirst)
            {
                foreach (var rule in ingress.Rules.Where(rule => (rule.Host ?? "") == chosen))
                {
                    foreach (var rulePath in rule.Paths)
                    {
                        candidates.Add(new(ingress, rulePath, candidates.Count));
                    }
                }
            }

            var best = candidates
                .Where(candidate => Matches(candidate.Path, path))
                .OrderByDescending(candidate => Elements(candidate.Path.Path).Length)
                .ThenByDescending(candidate => candidate.Path.PathType == PathType.Exact)
                .ThenByDescending(candidate => (candidate.Path.Path ?? "/").Length)
                .ThenBy(candidate => candidate.Position)
                .FirstOrDefault();
            var ofHost = oldestFirst.FirstOrDefault(ingress =>
                ingress.DefaultBackend is not null && ingress.Rules.Any(rule => (rule.Host ?? "") == chosen));
            if (best is not null || ofHost is not null)
            {
                return (best?.Path.Backend ?? ofHost!.DefaultBackend)!.Service!.Name;
            }
        }

        return oldestFirst.FirstOrDefault(ingress => ingress.Rules.IsEmpty && ingress.DefaultBackend is not null)?.DefaultBackend!.Service!.Name;
    }

    private static bool Matches(IngressPath rule, string path)
    {
        if (rule.PathType == PathType.Exact)
        {
            return rule.Path == path;
        }

        var wanted = Elements(rule.Path);
        return Elements(path).Take(wanted.Length).SequenceEqual(wanted);
    }

    private static string[] Elements(string? path) => (path ?? "/").Split('/', StringSplitOptions.RemoveEmptyEntries);
}
