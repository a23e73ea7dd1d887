using System.ComponentModel;
using System.Globalization;

namespace IngressController.App.Dashboard.Api;

/// <summary>A part of a list.</summary>
internal sealed record Page<T>(
    [property: Description("How many items fit what was asked for, on all pages")] int Total,
    [property: Description("Those of this page")] IReadOnlyList<T> Items);

/// <summary>What every list can be asked for.</summary>
internal sealed record PageQuery(string Search, int Offset, int Limit)
{
    public const int DefaultLimit = 100;
    public const int MostLimit = 1000;

    /// <exception cref="BadQueryException">A value is no number or out of its range.</exception>
    public static PageQuery Read(QueryText query) => new(
        query.Text("search"),
        query.Number("offset", 0, 0, int.MaxValue),
        query.Number("limit", DefaultLimit, 1, MostLimit));

    /// <summary>Whether some of these texts contains what is searched for, whatever its case.</summary>
    public bool Finds(params ReadOnlySpan<string> texts)
    {
        var isFound = Search.Length == 0;
        for (var index = 0; index < texts.Length && !isFound; index++)
        {
            isFound = texts[index].Contains(Search, StringComparison.OrdinalIgnoreCase);
        }

        return isFound;
    }

    /// <summary>As <see cref="Finds"/>, of a host: also as people write it who use letters beyond ASCII (RFC 5890), so <c>bücher</c> finds <c>xn--bcher-kva.example</c>.</summary>
    public bool FindsHost(string host) => Finds(host) || (host.Contains("xn--", StringComparison.Ordinal) && Finds(Written(host)));

    private static string Written(string host)
    {
        try
        {
            return new IdnMapping().GetUnicode(host);
        }
        catch (ArgumentException)
        {
            return host; // what begins so is not always such a name
        }
    }

    /// <summary>Only the items of the page are made.</summary>
    public Page<TItem> Of<T, TItem>(IEnumerable<T> found, Func<IReadOnlyList<T>, IEnumerable<TItem>> make)
    {
        var (total, page) = (0, new List<T>());
        foreach (var item in found)
        {
            if (total >= Offset && page.Count < Limit)
            {
                page.Add(item);
            }

            total++;
        }

        return new(total, [.. make(page)]);
    }
}

/// <summary>What is asked cannot be understood.</summary>
internal sealed class BadQueryException(string message) : Exception(message);

/// <summary>The query of a request.</summary>
internal sealed class QueryText
{
    private const int Longest = 256;

    private readonly IQueryCollection query;

    /// <param name="known">The names that it may have; others are errors, because a filter that is misspelt would show everything.</param>
    /// <exception cref="BadQueryException">A name is unknown.</exception>
    public QueryText(IQueryCollection query, params ReadOnlySpan<string> known)
    {
        this.query = query;
        foreach (var name in query.Keys)
        {
            if (!known.Contains(name))
            {
                throw new BadQueryException($"there is no parameter {name[..Math.Min(name.Length, Longest)]} here; there are {string.Join(", ", known.ToArray())}");
            }
        }
    }

    /// <summary>Empty where it is absent.</summary>
    public string Text(string name) => query[name] switch
    {
        [] => "",
        [{ Length: <= Longest } text] => text,
        [_] => throw new BadQueryException($"{name} is longer than {Longest} characters"),
        _ => throw new BadQueryException($"{name} is given more than once"),
    };

    /// <summary>As <see cref="Text"/>; as long as the server takes it.</summary>
    public string LongText(string name) => query[name] is [{ } text] ? text : query[name].Count == 0 ? "" : throw new BadQueryException($"{name} is given more than once");

    /// <summary>Of a closed set; null where it is absent.</summary>
    public T? Word<T>(string name)
        where T : struct, Enum
    {
        var text = Text(name);
        foreach (var word in Enum.GetValues<T>())
        {
            if (text == ApiJson.Word(word))
            {
                return word;
            }
        }

        return text.Length == 0 ? null : throw new BadQueryException($"{name}: '{text}' is not {string.Join(", ", Enum.GetValues<T>().Select(word => ApiJson.Word(word)))}");
    }

    public int Number(string name, int fallback, int least, int most)
    {
        var text = Text(name);
        return text.Length == 0 ? fallback
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number
            : throw new BadQueryException($"{name}: '{text}' is not a whole number from {least} to {most}");
    }

    public IEnumerable<string> Many(string name) => query[name].OfType<string>();
}
