using System.Diagnostics.CodeAnalysis;

namespace IngressController.App.Metrics.Accumulation;

/// <summary>What one set of labels has come to.</summary>
/// <param name="labels">As <see cref="Labels.Text"/>.</param>
internal sealed class Series(byte[] labels, bool isOfObject)
{
    public byte[] Labels => labels;

    /// <summary>It is forgotten when it is idle; the others stay, so that nothing happens before they count it.</summary>
    public bool IsOfObject => isOfObject;

    /// <summary>Of a counter or a gauge.</summary>
    public double Value { get; set; }

    /// <summary>Of a histogram.</summary>
    public Distribution? Distribution { get; set; }

    /// <summary>The last round in which there was news.</summary>
    public long Round { get; set; }

    /// <summary>When that was.</summary>
    public DateTimeOffset At { get; set; }
}

/// <summary>What a histogram has seen.</summary>
internal sealed class Distribution(int buckets)
{
    /// <summary>The number in each bucket alone; the last is beyond all bounds.</summary>
    public long[] Buckets { get; } = new long[buckets];

    /// <summary>For each bucket, a request that fell into it; null where no request has had a trace.</summary>
    public Exemplar?[]? Exemplars { get; set; }

    public double Sum { get; set; }

    public long Count { get; set; }
}

/// <summary>One measurement, and the trace that it belongs to.</summary>
/// <param name="Trace">32 hexadecimal digits.</param>
/// <param name="Span">16 hexadecimal digits.</param>
internal readonly record struct Exemplar(string Trace, string Span, double Value, DateTimeOffset Time);

/// <summary>Labels are the same where their bytes are.</summary>
internal sealed class LabelsComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
{
    public static LabelsComparer Instance { get; } = new();

    public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

    public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

    public int GetHashCode([DisallowNull] byte[] obj) => GetHashCode(obj.AsSpan());

    public int GetHashCode(ReadOnlySpan<byte> alternate)
    {
        var hash = default(HashCode);
        hash.AddBytes(alternate);
        return hash.ToHashCode();
    }

    public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
}
