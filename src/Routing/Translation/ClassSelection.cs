using System.Collections.Immutable;
using IngressController.Cluster;
using IngressController.Cluster.Resources;

namespace IngressController.Routing.Translation;

/// <summary>Why an Ingress is not ours, for people.</summary>
/// <param name="Has">To go after <c>it has</c>.</param>
/// <param name="Flag">The one that would make it ours; null: none would.</param>
public readonly record struct NotOurs(string Has, string? Flag)
{
    public override string ToString() => $"it has {Has}{(Flag is null ? "" : $"; {Flag} would make it ours")}";
}

/// <summary>Which Ingresses are ours (reference: Ingress semantics 2.6).</summary>
public sealed class ClassSelection
{
    public const string LegacyAnnotation = "kubernetes.io/ingress.class";

    private readonly TranslationOptions options;
    private readonly ImmutableDictionary<NamespacedName, IngressClass> classes;
    private readonly bool takesClassless;

    public ClassSelection(TranslationOptions options, ImmutableDictionary<NamespacedName, IngressClass> classes)
    {
        this.options = options;
        this.classes = classes;
        takesClassless = options.WatchIngressWithoutClass || DefaultClass() is { } @default && IsOurs(@default);
    }

    /// <summary>The field beats the annotation; without both, the default class decides.</summary>
    public bool IsOurs(Ingress ingress, out Problem? problem)
    {
        problem = null;
        if (!string.IsNullOrEmpty(ingress.ClassName))
        {
            if (classes.TryGetValue(new("", ingress.ClassName), out var @class))
            {
                return IsOurs(@class);
            }

            problem = new(
                ProblemCode.IngressClassNotFound,
                Severity.Warning,
                ingress.Key,
                "spec.ingressClassName",
                $"there is no IngressClass {ingress.ClassName}, so no controller serves this Ingress",
                $"Create it with spec.controller {options.ControllerNames[0]}, or name one that exists{Existing()}");
            return false;
        }

        return ingress.Metadata.Annotations.TryGetValue(LegacyAnnotation, out var annotation)
            ? annotation == options.IngressClass
            : takesClassless;
    }

    public NotOurs WhyNot(Ingress ingress) =>
        !string.IsNullOrEmpty(ingress.ClassName)
            ? classes.TryGetValue(new("", ingress.ClassName), out var @class)
                ? new($"the class {ingress.ClassName} of the controller {@class.Controller}", $"--controller-name {@class.Controller}")
                : new($"the class {ingress.ClassName}, which does not exist", null)
        : ingress.Metadata.Annotations.TryGetValue(LegacyAnnotation, out var annotation)
            ? new($"the annotation {LegacyAnnotation}: {annotation}", $"--ingress-class {annotation}")
            : new("no class, and there is no default class of ours", "--watch-ingress-without-class");

    private bool IsOurs(IngressClass @class)
    {
        foreach (var name in options.ControllerNames)
        {
            if (name == @class.Controller)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Where several classes are marked as the default, the API server takes the newest.</summary>
    private IngressClass? DefaultClass() =>
        classes.Values
            .Where(@class => @class.IsDefault)
            .OrderByDescending(@class => @class.Metadata.CreationTimestamp)
            .ThenBy(@class => @class.Metadata.Name)
            .FirstOrDefault();

    private string Existing()
    {
        var ours = classes.Values.Where(IsOurs).Select(@class => @class.Metadata.Name.Name).Order(StringComparer.Ordinal).ToArray();
        return ours.Length == 0 ? "" : $" (ours: {string.Join(", ", ours)})";
    }
}
