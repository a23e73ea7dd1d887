using IngressController.Cluster;
using IngressController.Routing.Translation;

namespace IngressController.App.Cli;

/// <summary>What to say where there are Ingresses, and none of them is ours: nothing is wrong with any, and nothing is served.</summary>
internal static class ForeignIngresses
{
    /// <returns>One sentence; null where one is ours, or there is none at all.</returns>
    public static string? Describe(ClusterSnapshot snapshot, TranslationOptions options)
    {
        var selection = new ClassSelection(options, snapshot.IngressClasses);
        if (snapshot.Ingresses.Count == 0 || snapshot.Ingresses.Values.Any(ingress => selection.IsOurs(ingress, out _)))
        {
            return null;
        }

        var reasons = snapshot.Ingresses.Values.GroupBy(selection.WhyNot).OrderByDescending(group => group.Count()).ThenBy(group => group.Key.Has, StringComparer.Ordinal);
        return snapshot.Ingresses.Count == 1
            ? $"the only Ingress is not ours: {reasons.First().Key}"
            : $"none of the {snapshot.Ingresses.Count} Ingresses is ours: {string.Join("; ", reasons.Select(group => Reason(group.Key, group.Count())))}";
    }

    private static string Reason(NotOurs why, int count) =>
        $"{count} {(count == 1 ? "has" : "have")} {why.Has}{(why.Flag is null ? "" : $" ({why.Flag} would take {(count == 1 ? "it" : "them")})")}";
}
