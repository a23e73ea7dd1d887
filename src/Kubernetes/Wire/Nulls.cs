namespace IngressController.Kubernetes.Wire;

/// <summary>The API reads null as the zero value wherever it stands: an absent list, a null element, a null map value.</summary>
internal static class Nulls
{
    public static IEnumerable<T> OrZero<T>(this IReadOnlyList<T?>? items)
        where T : class, new() =>
        (items ?? []).Select(item => item ?? new T());

    public static IEnumerable<string> OrZero(this IReadOnlyList<string?>? items) => (items ?? []).Select(item => item ?? "");

    public static IEnumerable<KeyValuePair<string, string>> OrZero(this IReadOnlyDictionary<string, string?>? entries) =>
        (entries ?? new Dictionary<string, string?>()).Select(entry => KeyValuePair.Create(entry.Key, entry.Value ?? ""));

    public static string? NullIfEmpty(this string? text) => string.IsNullOrEmpty(text) ? null : text;
}
