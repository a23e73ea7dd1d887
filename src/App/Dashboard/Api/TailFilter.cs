using System.Globalization;
using IngressController.Proxy.Observing;
using IngressController.Routing.Matching;

namespace IngressController.App.Dashboard.Api;

/// <summary>Which requests somebody wants to see. An empty text is no filter.</summary>
/// <param name="Host">Of the request, without port; <c>*.example.com</c> for all below a name.</param>
/// <param name="Path">How the path begins.</param>
/// <param name="Status">From and to; a single one or a whole class.</param>
internal sealed record TailFilter(string Host, string Path, (int From, int To) Status, string Ingress, string Method)
{
    public static string[] Parameters { get; } = ["host", "path", "status", "ingress", "method"];

    /// <exception cref="BadQueryException"/>
    public static TailFilter Read(IQueryCollection parameters)
    {
        var query = new QueryText(parameters, Parameters);
        return new(query.Text("host"), query.Text("path"), StatusOf(query.Text("status")), query.Text("ingress"), query.Text("method"));
    }

    public bool Takes(in RequestRecord record) =>
        record.Status >= Status.From && record.Status <= Status.To
        && (Method.Length == 0 || record.Verb.Equals(Method, StringComparison.OrdinalIgnoreCase))
        && (Ingress.Length == 0 || record.Ingress == Ingress)
        && record.Path.StartsWith(Path, StringComparison.Ordinal)
        && TakesHost(RequestHost.Normalize(record.Host));

    private bool TakesHost(ReadOnlySpan<char> host) =>
        Host.Length == 0 || (Host.StartsWith("*.", StringComparison.Ordinal) ? host.EndsWith(Host.AsSpan(1), StringComparison.OrdinalIgnoreCase) : host.Equals(Host, StringComparison.OrdinalIgnoreCase));

    private static (int From, int To) StatusOf(string text) => text switch
    {
        "" => (0, int.MaxValue),
        [>= '1' and <= '5' and var first, 'x', 'x'] => ((first - '0') * 100, ((first - '0') * 100) + 99),
        [>= '1' and <= '5', _, _] when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var status) => (status, status),
        _ => throw new BadQueryException($"status: '{text}' is not a status or a class, as in 404 or 5xx"),
    };
}
