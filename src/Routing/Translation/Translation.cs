using System.Collections.Immutable;
using IngressController.Cluster;
using IngressController.Routing.Model;

namespace IngressController.Routing.Translation;

/// <summary>A translation and what it changed in the model.</summary>
public readonly record struct TranslationStep(Translation Translation, RoutingChange Change);

/// <summary>
/// What the objects of one snapshot mean: the model, the problems, and which Ingresses are ours. Immutable, pure and total. It remembers what each
/// Ingress said by itself, so that the next translation costs what changed and not what is there.
/// </summary>
public sealed class Translation
{
    private Lazy<EquatableArray<Problem>> problems;

    internal Translation(TranslationOptions options)
    {
        Options = options;
        problems = new(CollectProblems);
    }

    public RoutingModel Model { get; internal init; } = RoutingModel.Empty;

    /// <summary>All problems of the objects, in their one order.</summary>
    public EquatableArray<Problem> Problems => problems.Value;

    /// <summary>The Ingresses that are ours.</summary>
    public IEnumerable<NamespacedName> Ingresses => Translated.Keys.Order();

    internal TranslationOptions Options { get; }

    /// <summary>Each of our Ingresses by itself.</summary>
    internal ImmutableDictionary<NamespacedName, IngressTranslation> Translated { get; init; } =
        ImmutableDictionary<NamespacedName, IngressTranslation>.Empty;

    /// <summary>Of Ingresses that are nobody's.</summary>
    internal ImmutableDictionary<NamespacedName, Problem> ClassProblems { get; init; } = ImmutableDictionary<NamespacedName, Problem>.Empty;

    /// <summary>Who declares a host, oldest first.</summary>
    internal ImmutableDictionary<HostName, ImmutableSortedSet<IngressAge>> HostIngresses { get; init; } =
        ImmutableDictionary<HostName, ImmutableSortedSet<IngressAge>>.Empty;

    internal ImmutableDictionary<HostName, ImmutableArray<Problem>> HostProblems { get; init; } =
        ImmutableDictionary<HostName, ImmutableArray<Problem>>.Empty;

    /// <summary>The Ingresses without rules, oldest first.</summary>
    internal ImmutableSortedSet<IngressAge> CatchAlls { get; init; } = [];

    /// <summary>Who uses which backends, by Service.</summary>
    internal ImmutableDictionary<NamespacedName, BackendUsers> BackendUsers { get; init; } = ImmutableDictionary<NamespacedName, BackendUsers>.Empty;

    /// <summary>Which backends speak TLS with what a Secret says.</summary>
    internal ImmutableDictionary<NamespacedName, ImmutableHashSet<BackendKey>> UpstreamSecrets { get; init; } =
        ImmutableDictionary<NamespacedName, ImmutableHashSet<BackendKey>>.Empty;

    internal TlsTranslation Tls { get; init; } = TlsTranslation.None;

    internal StreamTranslation Streams { get; init; } = StreamTranslation.None;

    /// <summary>The translation of the empty snapshot.</summary>
    public static Translation Start(TranslationOptions options) => new(options);

    /// <summary>The translation after a change. The result equals that of a translation from nothing; only the cost depends on the change.</summary>
    public TranslationStep Next(ClusterChange change) => new TranslationDraft(this, change).Finish();

    /// <summary>Endpoints change every moment, and nearly never the problems: then the very list of before stands, which whoever compares sees at once.</summary>
    internal Translation TakeProblemsOf(Translation before)
    {
        problems = before.problems;
        return this;
    }

    private EquatableArray<Problem> CollectProblems() =>
    [
        .. ClassProblems.Values
            .Concat(Translated.Values.SelectMany(ingress => ingress.Problems))
            .Concat(HostProblems.Values.SelectMany(list => list))
            .Concat(Tls.Problems.Values.SelectMany(list => list))
            .Concat(Streams.AllProblems)
            .Concat(CatchAlls.Skip(1).Select(loser => HostMerger.DefaultConflict(Translated[loser.Name].Default!, Translated[CatchAlls[0].Name].Default!, HostName.Any)))
            .Concat(BackendProblems.Collect(Model.Backends.Values, BackendUsers))
            .Order(),
    ];
}
