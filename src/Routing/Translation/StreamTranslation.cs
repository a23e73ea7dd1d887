using System.Collections.Immutable;
using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Routing.Model;

namespace IngressController.Routing.Translation;

/// <summary>What the translation remembers about TCP and UDP services from one step to the next.</summary>
/// <param name="ByService">The entries that lead to a Service.</param>
/// <param name="ReadingProblems">Of the ConfigMaps themselves and of entries that cannot be read.</param>
/// <param name="Problems">Of entries that lead nowhere.</param>
internal sealed record StreamTranslation(
    ImmutableDictionary<NamespacedName, ImmutableArray<StreamEntry>> ByService, ImmutableArray<Problem> ReadingProblems, ImmutableDictionary<StreamKey, Problem> Problems)
{
    public static StreamTranslation None { get; } = new(
        ImmutableDictionary<NamespacedName, ImmutableArray<StreamEntry>>.Empty, [], ImmutableDictionary<StreamKey, Problem>.Empty);

    public IEnumerable<Problem> AllProblems => ReadingProblems.Concat(Problems.Values);
}

/// <summary>One step of it: everything where a ConfigMap changed, else the entries whose Services or endpoints did.</summary>
internal sealed class StreamDraft(StreamTranslation before, RoutingModel model, ClusterChange change, TranslationOptions options)
{
    private readonly ImmutableDictionary<StreamKey, StreamService>.Builder streams = model.Streams.ToBuilder();
    private readonly ImmutableDictionary<StreamKey, Problem>.Builder problems = before.Problems.ToBuilder();

    public (StreamTranslation Translation, RoutingChange Change) Finish(RoutingChange rest)
    {
        var isRead = new[] { options.TcpServices, options.UdpServices }.OfType<NamespacedName>()
            .Any(name => before == StreamTranslation.None || change.Changed.Contains(new(ResourceKind.ConfigMap, name)));
        var (byService, readingProblems) = isRead ? Read() : (before.ByService, before.ReadingProblems);
        var touched = isRead ? byService.Values.SelectMany(entries => entries) : change.Services.SelectMany(service => byService.GetValueOrDefault(service, []));
        var changed = ImmutableHashSet.CreateBuilder<StreamKey>();
        if (isRead)
        {
            problems.Clear();
            var named = byService.Values.SelectMany(entries => entries).Select(entry => entry.Key).ToHashSet();
            changed.UnionWith(streams.Keys.Where(key => !named.Contains(key)));
            streams.RemoveRange(changed);
        }

        changed.UnionWith(touched.Where(Resolve).Select(entry => entry.Key));
        return (
            new(byService, readingProblems, problems.ToImmutable()),
            rest with { Model = rest.Model with { Streams = streams.ToImmutable() }, Streams = changed.ToImmutable() });
    }

    private bool Resolve(StreamEntry entry)
    {
        var (now, problem) = StreamResolver.Resolve(entry, change.Snapshot, options);
        if (problem is null)
        {
            problems.Remove(entry.Key);
        }
        else
        {
            problems[entry.Key] = problem;
        }

        var isChanged = !streams.TryGetValue(entry.Key, out var old) || old != now;
        if (isChanged)
        {
            streams[entry.Key] = now;
        }

        return isChanged;
    }

    private (ImmutableDictionary<NamespacedName, ImmutableArray<StreamEntry>> ByService, ImmutableArray<Problem> Problems) Read()
    {
        var found = ImmutableArray.CreateBuilder<Problem>();
        var entries = Read(StreamProtocol.Tcp, options.TcpServices, found).Concat(Read(StreamProtocol.Udp, options.UdpServices, found));
        return (entries.GroupBy(entry => entry.Service).ToImmutableDictionary(group => group.Key, group => group.ToImmutableArray()), found.ToImmutable());
    }

    private List<StreamEntry> Read(StreamProtocol protocol, NamespacedName? name, ImmutableArray<Problem>.Builder found)
    {
        var entries = new List<StreamEntry>();
        if (name is not { } origin)
        {
            return entries;
        }

        if (!change.Snapshot.ConfigMaps.TryGetValue(origin, out var map))
        {
            found.Add(new(ProblemCode.StreamConfigMapMissing, Severity.Warning, new(ResourceKind.ConfigMap, origin), "", $"ConfigMap {origin} does not exist", "Create it, or correct the flag"));
            return entries;
        }

        foreach (var (key, value) in map.Data)
        {
            if (StreamEntry.Read(protocol, origin, key, value, out var entry) is { } wrong)
            {
                found.Add(new(ProblemCode.StreamEntryInvalid, Severity.Error, map.Key, $"data[{(key.Length <= 20 ? key : key[..20] + "...")}]", wrong, "Correct the entry"));
            }
            else if (protocol == StreamProtocol.Tcp && ((IEnumerable<int>)options.OwnPorts).Contains(entry!.Key.Port))
            {
                found.Add(StreamResolver.Problem(entry, ProblemCode.StreamPortUnavailable, $"port {entry.Key} is taken by the controller itself", "Use another port"));
            }
            else
            {
                entries.Add(entry!);
            }
        }

        return entries;
    }
}
