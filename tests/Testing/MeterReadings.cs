using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace IngressController.Testing;

/// <summary>
/// What the instruments of one program say, by <c>instrument tag tag</c> in the order of the tags, as in <c>ingress.requests shop web web:80 2xx</c>: of counters the sum,
/// of histograms how many there were, of what is observed the present value.
/// </summary>
public sealed class MeterReadings : IDisposable
{
    private readonly ConcurrentDictionary<string, double> sums = new();
    private readonly ConcurrentDictionary<string, double> last = new();
    private readonly MeterListener listener = new();
    private ConcurrentDictionary<string, double> observed = new();

    /// <param name="factory">Of the program.</param>
    /// <param name="prefix">Of the instruments' names.</param>
    public MeterReadings(IMeterFactory factory, string prefix = "ingress.")
    {
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name.StartsWith(prefix, StringComparison.Ordinal) && ReferenceEquals(instrument.Meter.Scope, factory))
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Take(instrument, value, tags));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument, value, tags));
        listener.Start();
    }

    /// <summary>All that is known now, with what is observed now.</summary>
    public IReadOnlyDictionary<string, double> Now
    {
        get
        {
            observed = new();
            listener.RecordObservableInstruments();
            return sums.Concat(observed).ToDictionary(reading => reading.Key, reading => reading.Value);
        }
    }

    /// <param name="value">0 also where there is no such reading.</param>
    public Task IsAsync(string name, double value) => IsAsync(name, found => found == value, $"{value}");

    /// <exception cref="TimeoutException">It says what there is instead.</exception>
    public async Task IsAsync(string name, Predicate<double> condition, string what)
    {
        try
        {
            await Eventually.TrueAsync(() => condition(Now.GetValueOrDefault(name)), $"{name} is {what}");
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message}; there are: {string.Join(", ", Now.OrderBy(reading => reading.Key, StringComparer.Ordinal))}", e);
        }
    }

    /// <summary>The last value of a histogram.</summary>
    public double Last(string name) => last.GetValueOrDefault(name);

    public void Dispose() => listener.Dispose();

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var name = instrument.Name;
        foreach (var tag in tags)
        {
            name += $" {tag.Value}";
        }

        if (!instrument.IsObservable)
        {
            var added = instrument is Histogram<double> ? 1 : value;
            last[name] = value;
            sums.AddOrUpdate(name, added, (_, sum) => sum + added);
        }
        else if (!observed.TryAdd(name, value))
        {
            throw new InvalidOperationException($"{name} was observed twice at once");
        }
    }
}
