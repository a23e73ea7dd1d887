using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Kubernetes.Wire;

namespace IngressController.Kubernetes.Events;

/// <summary>A Problem as an Event: a pure translation. Problems of the same object that say the same are one Event.</summary>
internal sealed record ProblemEvent(Problem Problem, ObjectReference Regarding)
{
    private const int LongestNote = 1024; // bytes of UTF-8
    private const string Ellipsis = "...";

    /// <summary>Of the Event; for cluster-scoped objects the API server wants <c>default</c>.</summary>
    public string Namespace => Regarding.Namespace ?? "default";

    public string Reason => Problem.Code.ToString();

    /// <summary>Composed for each call: a thousand Ingresses may have the same mistake, and few Events are written at a time.</summary>
    public string Note
    {
        get
        {
            var place = Problem.Field.Length > 0 ? $"{Problem.Field}: " : "";
            var cure = Problem.Cure.Length > 0 ? $". {Problem.Cure}" : "";
            return Cut($"{place}{Problem.Message}{cure}");
        }
    }

    /// <summary>Null where the problem is about no object, or about one that is gone.</summary>
    public static ProblemEvent? Of(Problem problem, ClusterSnapshot snapshot)
    {
        if (problem.Object is not { } key || Find(key, snapshot) is not { } found)
        {
            return null;
        }

        return new(problem, new(ApiVersion(key.Kind), key.Kind.ToString(), key.Name.Namespace.NullIfEmpty(), key.Name.Name, found.Metadata.Uid.NullIfEmpty()));
    }

    /// <summary>The same in every replica and after every restart, so that the API server finds the repetition where we have forgotten it.</summary>
    public string Name()
    {
        const int longestName = 253 - 17;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Regarding.Kind}\n{Regarding.Uid}\n{Reason}\n{Note}")).AsSpan(0, 8));
        var name = Regarding.Name.Length > longestName ? Regarding.Name[..longestName].TrimEnd('.', '-') : Regarding.Name;
        return $"{name}.{hash}";
    }

    public Event ToEvent(EventOrigin origin, DateTimeOffset now) => new()
    {
        Metadata = new(Name(), Namespace),
        EventTime = WritingContext.Time(now),
        ReportingController = origin.Controller,
        ReportingInstance = origin.Instance,
        Action = "Translate",
        Reason = Reason,
        Regarding = Regarding,
        Note = Note,
        Type = "Warning",
    };

    /// <summary>Ends between two characters.</summary>
    private static string Cut(string text)
    {
        if (Encoding.UTF8.GetByteCount(text) <= LongestNote)
        {
            return text;
        }

        var (bytes, letters) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            if (bytes + rune.Utf8SequenceLength > LongestNote - Ellipsis.Length)
            {
                break;
            }

            (bytes, letters) = (bytes + rune.Utf8SequenceLength, letters + rune.Utf16SequenceLength);
        }

        return string.Create(CultureInfo.InvariantCulture, $"{text.AsSpan(0, letters)}{Ellipsis}");
    }

    private static IResource? Find(ResourceKey key, ClusterSnapshot snapshot) => key.Kind switch
    {
        ResourceKind.Ingress => snapshot.Ingresses.GetValueOrDefault(key.Name),
        ResourceKind.IngressClass => snapshot.IngressClasses.GetValueOrDefault(key.Name),
        ResourceKind.Service => snapshot.Services.GetValueOrDefault(key.Name),
        ResourceKind.EndpointSlice => snapshot.EndpointSlices.GetValueOrDefault(key.Name),
        ResourceKind.Secret => snapshot.Secrets.GetValueOrDefault(key.Name),
        ResourceKind.ConfigMap => snapshot.ConfigMaps.GetValueOrDefault(key.Name),
        ResourceKind.Namespace => snapshot.Namespaces.GetValueOrDefault(key.Name),
        _ => null,
    };

    private static string ApiVersion(ResourceKind kind) => kind switch
    {
        ResourceKind.Ingress or ResourceKind.IngressClass => "networking.k8s.io/v1",
        ResourceKind.EndpointSlice => "discovery.k8s.io/v1",
        _ => "v1",
    };
}
