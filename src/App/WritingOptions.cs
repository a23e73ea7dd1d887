using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using IngressController.Cluster;
using IngressController.Kubernetes.Events;
using IngressController.Kubernetes.Leadership;
using IngressController.Kubernetes.Status;
using IngressController.Routing.Translation;

namespace IngressController.App;

/// <summary>What this replica writes to its cluster, and who it is.</summary>
internal sealed partial record WritingOptions(PublishOptions Publish, LeaseTerms Lease, EventOrigin Origin)
{
    private const string LeaseName = "ingress-controller";
    private const int LongestInstance = 128; // as the API server has it, shorter than a pod may be called

    /// <param name="pod">The pod's namespace and name, or something else that tells replicas apart for people.</param>
    /// <param name="namespaces">The watched ones.</param>
    public static WritingOptions For(PublishOptions publish, NamespacedName pod, TranslationOptions translation, EquatableArray<string> namespaces)
    {
        var lease = LeaseOf(pod.Namespace, translation, namespaces);
        return new(
            publish with { Manager = ManagerOf(lease) }, // whoever shares the Lease shares the status
            new(lease, $"{pod.Name}_{Guid.NewGuid()}"),
            new(Reporter(translation.ControllerNames[0]), pod.Name[..Math.Min(pod.Name.Length, LongestInstance)]));
    }

    /// <summary>What the replicas of one installation share, and no other has.</summary>
    public static NamespacedName LeaseOf(string space, TranslationOptions translation, EquatableArray<string> namespaces) =>
        new(space, LeaseName + Difference(translation, namespaces));

    /// <summary>Whose writes these are.</summary>
    public static string ManagerOf(NamespacedName lease) => $"yarp/{lease}";

    /// <summary>Two installations in one namespace that serve different Ingresses have a leader each.</summary>
    private static string Difference(TranslationOptions translation, EquatableArray<string> namespaces)
    {
        var defaults = new TranslationOptions();
        if (translation.ControllerNames == defaults.ControllerNames && translation.IngressClass == defaults.IngressClass && namespaces.IsEmpty)
        {
            return "";
        }

        var text = string.Join('\n', [.. translation.ControllerNames.Order(StringComparer.Ordinal), "", translation.IngressClass, "", .. namespaces.Order(StringComparer.Ordinal)]);
        return "-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 5));
    }

    /// <summary>An Event's reporter is a qualified name: one slash, and few signs after it. An IngressClass may have more of both.</summary>
    private static string Reporter(string controller) =>
        QualifiedName().IsMatch(controller) ? controller : new TranslationOptions().ControllerNames[0];

    [GeneratedRegex(@"^([a-z0-9]([a-z0-9.-]*[a-z0-9])?/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?\z")]
    private static partial Regex QualifiedName();
}
