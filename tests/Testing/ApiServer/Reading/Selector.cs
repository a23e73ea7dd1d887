using IngressController.Testing.ApiServer.Storage;

namespace IngressController.Testing.ApiServer.Reading;

/// <summary>labelSelector and fieldSelector, as far as equality and existence go.</summary>
internal sealed class Selector
{
    private static readonly string[] EveryField = ["metadata.name", "metadata.namespace"];

    private readonly List<Func<StoredObject, bool>> terms = [];

    public bool IsEmpty => terms.Count == 0;

    /// <exception cref="ApiFailure">400: it cannot be understood, or asks for a field that this kind cannot be selected by.</exception>
    public static Selector Parse(ApiResource resource, string? labels, string? fields)
    {
        var selector = new Selector();
        foreach (var (key, isEqual, value) in Terms(labels))
        {
            selector.terms.Add(value is null
                ? item => item.Labels.ContainsKey(key) == isEqual
                : item => (item.Labels.GetValueOrDefault(key) == value) == isEqual);
        }

        foreach (var (key, isEqual, value) in Terms(fields))
        {
            if (value is null)
            {
                throw ApiFailure.BadRequest($"invalid selector: '{key}'; can't understand '{key}'");
            }

            if (!(EveryField.Contains(key) && (resource.IsNamespaced || key == "metadata.name")) && !(resource.Kind == "Secret" && key == "type"))
            {
                throw ApiFailure.BadRequest($"field label not supported: {key}");
            }

            selector.terms.Add(item => (item.Fields[key] == value) == isEqual);
        }

        return selector;
    }

    public bool Matches(StoredObject item) => terms.TrueForAll(term => term(item));

    /// <summary>The one object that a field selector names; empty where it names none.</summary>
    public static string NameIn(string? fields) =>
        Terms(fields).FirstOrDefault(term => term is { Key: "metadata.name", IsEqual: true }).Value ?? "";

    private static IEnumerable<(string Key, bool IsEqual, string? Value)> Terms(string? text)
    {
        foreach (var term in (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (term.Contains('(', StringComparison.Ordinal) || term.Contains(' ', StringComparison.Ordinal))
            {
                throw ApiFailure.BadRequest($"unable to parse requirement: {term}");
            }

            var sign = term.IndexOf('=', StringComparison.Ordinal);
            yield return sign < 0 ? (term.TrimStart('!'), !term.StartsWith('!'), null)
                : (term[..sign].TrimEnd('!'), sign == 0 || term[sign - 1] != '!', term[(sign + 1)..].TrimStart('='));
        }
    }
}
