namespace IngressController.Benchmarks.Comparison;

/// <summary>What has been measured of one workload: of each contender, for each start, its samples in the order of the rounds.</summary>
/// <param name="names">Of the contenders.</param>
internal sealed class Results(Workload workload, IReadOnlyList<string> names)
{
    private readonly List<List<Sample>>[] starts = [.. names.Select(_ => new List<List<Sample>>())];

    public Workload Workload => workload;

    public IReadOnlyList<string> Names => names;

    /// <summary>All contenders have been started anew.</summary>
    public void Start() => Array.ForEach(starts, own => own.Add([]));

    public void Add(int contender, Sample sample) => starts[contender][^1].Add(sample);

    public IEnumerable<Sample> Of(int contender) => starts[contender].SelectMany(samples => samples);

    /// <summary>A contender beside the first one in the same round: of all rounds.</summary>
    public List<double> Beside(int contender, Func<Sample, Sample, double> compare) => [.. Of(contender).Zip(Of(0), compare).Order()];

    /// <summary>As <see cref="Beside"/>, of each start the median of its rounds: rounds of one start are not independent of each other.</summary>
    public List<double> BesideByStart(int contender, Func<Sample, Sample, double> compare) =>
        [.. starts[contender].Zip(starts[0], (own, first) => Median(own.Zip(first, compare))).Order()];

    public static double Median(IEnumerable<double> values) => values.Order().ToList() is var all ? all[all.Count / 2] : 0;
}
