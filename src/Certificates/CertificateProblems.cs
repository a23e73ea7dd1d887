using System.Collections.Immutable;
using IngressController.Cluster;
using IngressController.Routing.Model;

namespace IngressController.Certificates;

/// <summary>What is wrong with the certificates at one moment. Immutable; who has the same object has the same problems.</summary>
public sealed class CertificateProblems
{
    private readonly ImmutableDictionary<HostName, ImmutableArray<Problem>> ofHosts;
    private readonly ImmutableArray<Problem> ofDefault;
    private readonly Lazy<EquatableArray<Problem>> all;

    internal CertificateProblems(ImmutableDictionary<HostName, ImmutableArray<Problem>> ofHosts, ImmutableArray<Problem> ofDefault)
    {
        (this.ofHosts, this.ofDefault) = (ofHosts, ofDefault);
        all = new(() => [.. ofHosts.Values.SelectMany(list => list).Concat(ofDefault).Distinct().Order()]);
    }

    public static CertificateProblems None { get; } = new(ImmutableDictionary<HostName, ImmutableArray<Problem>>.Empty, []);

    /// <summary>In their one order; collected by whoever asks first, since it takes time in proportion to their number.</summary>
    public EquatableArray<Problem> All => all.Value;

    /// <param name="judged">The problems that these hosts have now.</param>
    /// <returns>The same object where nothing is new.</returns>
    internal CertificateProblems With(IEnumerable<(HostName Host, ImmutableArray<Problem> Problems)> judged, ImmutableArray<Problem> @default)
    {
        var next = ofHosts.ToBuilder();
        var kept = new HashSet<Problem>();
        var isNew = !@default.SequenceEqual(ofDefault);
        foreach (var (host, problems) in judged)
        {
            if (problems.SequenceEqual(next.TryGetValue(host, out var before) ? before : []))
            {
                continue;
            }

            isNew = true;
            if (problems.IsEmpty)
            {
                next.Remove(host);
            }
            else
            {
                next[host] = [.. problems.Select(Kept)];
            }
        }

        return isNew ? new(next.ToImmutable(), @default) : this;

        // A bad Secret is the same problem for all hosts of an Ingress; it is kept once.
        Problem Kept(Problem problem) => kept.Add(problem) || !kept.TryGetValue(problem, out var same) ? problem : same;
    }
}
