using System.Collections.Immutable;
using IngressController.Cluster;
using IngressController.Routing.Model;

namespace IngressController.Routing.Translation;

/// <summary>A translation and what it changed in the model.</summary>
public readonly record struct TranslationStep(Translation Translation, RoutingChange Change);

/// <summary>What the objects of one snapshot mean: the model, the problems, and which Ingresses are ours. Immutable, pure and total.</summary>
public sealed class Translation
{
    private Translation(RoutingModel model) => Model = model;

    public RoutingModel Model { get; }

    /// <summary>All problems of the objects, in their one order.</summary>
    public ImmutableArray<Problem> Problems { get; } = [];

    /// <summary>The Ingresses that are ours and served (their status may carry our address).</summary>
    public ImmutableSortedSet<NamespacedName> Ingresses { get; } = [];

    /// <summary>The translation of the empty snapshot.</summary>
    public static Translation Start(TranslationOptions options) => new(RoutingModel.Empty);

    /// <summary>The translation after a change. The result equals that of a translation from nothing; only the cost depends on the change.</summary>
    public TranslationStep Next(ClusterChange change) => throw new NotImplementedException();
}
