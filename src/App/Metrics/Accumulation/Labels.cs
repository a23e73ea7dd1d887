using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using IngressController.App.Metrics.Text;
using OpenTelemetry;

namespace IngressController.App.Metrics.Accumulation;

/// <summary>
/// The labels of one series as text, <c>ingress="shop",namespace="web"</c>, sorted by name: by this text a series is found again, and this is what is written.
/// Used again for every series, so that no text is made for those that are known.
/// </summary>
internal sealed class Labels
{
    /// <summary>What these stand for is made and deleted by people, so there may be any number of it, and it comes and goes.</summary>
    private static readonly string[] OfObjects = ["namespace", "ingress", "service", "host", "path", "destination", "secret"];

    private readonly Dictionary<string, Name> names = [];
    private readonly List<(Name Name, object Value)> pairs = [];
    private readonly ArrayBufferWriter<byte> text = new(512);

    /// <summary>Valid until the next call.</summary>
    public ReadOnlySpan<byte> Text => text.WrittenSpan;

    /// <summary>Whether an object of the cluster is among them.</summary>
    public bool IsOfObject { get; private set; }

    /// <param name="always">What all series have.</param>
    public void Read(in ReadOnlyTagCollection tags, ImmutableArray<KeyValuePair<string, object?>> always)
    {
        Begin(always);
        foreach (var (key, value) in tags)
        {
            Add(key, value);
        }

        Write(otherObjects: false);
    }

    public void Read(ImmutableArray<KeyValuePair<string, object?>> all)
    {
        Begin(all);
        Write(otherObjects: false);
    }

    /// <summary>The series of all objects that have none of their own.</summary>
    public void BecomeOther() => Write(otherObjects: true);

    private void Begin(ImmutableArray<KeyValuePair<string, object?>> always)
    {
        pairs.Clear();
        IsOfObject = false;
        foreach (var (key, value) in always)
        {
            Add(key, value);
        }
    }

    private void Add(string key, object? value)
    {
        if (value is not (null or "")) // Prometheus does not tell an empty label from none
        {
            Insert(NameOf(key), value);
        }
    }

    private Name NameOf(string key)
    {
        if (!names.TryGetValue(key, out var name))
        {
            var text = MetricName.OfLabel(key);
            names[key] = name = new(text, System.Text.Encoding.ASCII.GetBytes($"{text}=\""), Array.IndexOf(OfObjects, text) >= 0);
        }

        return name;
    }

    private void Insert(Name name, object value)
    {
        IsOfObject |= name.IsOfObject;
        var index = pairs.Count;
        while (index > 0 && string.CompareOrdinal(pairs[index - 1].Name.Text, name.Text) > 0)
        {
            index--;
        }

        if (index > 0 && pairs[index - 1].Name.Text == name.Text) // a.b and a_b: as the specification says
        {
            pairs[index - 1] = (name, $"{TextOf(pairs[index - 1].Value)};{TextOf(value)}");
            return;
        }

        pairs.Insert(index, (name, value));
    }

    private void Write(bool otherObjects)
    {
        text.ResetWrittenCount();
        foreach (var (name, value) in pairs)
        {
            if (text.WrittenCount > 0)
            {
                text.Write(","u8);
            }

            text.Write(name.Prefix);
            Escaped.Write(text, otherObjects && name.IsOfObject ? "other" : TextOf(value));
            text.Write("\""u8);
        }
    }

    private static string TextOf(object value) => value switch
    {
        string text => text,
        bool truth => truth ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private sealed record Name(string Text, byte[] Prefix, bool IsOfObject);
}
