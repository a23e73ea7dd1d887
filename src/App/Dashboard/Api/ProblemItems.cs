using System.ComponentModel;
using IngressController.Cluster;
using IngressController.Routing.Explaining;

namespace IngressController.App.Dashboard.Api;

internal sealed record ObjectItem([property: Description("As in Ingress or Secret")] string Kind, [property: Description("Empty for objects of the whole cluster")] string Namespace, [property: Description("Within its namespace")] string Name);

internal sealed record ProblemItem(
    [property: Description("docs/problems.md has a section for each")] string Code,
    [property: Description("error: something is not served; warning: everything is, but not quite as asked for")] Severity Severity,
    [property: Description("The object at fault; null where a file cannot be read so far as to know")] ObjectItem? Object,
    [property: Description("The field at fault as the API server writes it; empty for the whole object")] string Field,
    [property: Description("One sentence without a full stop")] string Message,
    [property: Description("What to do; empty where the message says it")] string Cure,
    [property: Description("Of the rule that it is about; null where it is about something else")] string? Host,
    [property: Description("The manifest's path; null where objects come from a cluster, or the file is not known")] string? File)
{
    public static ProblemItem Of(View view, Problem problem) => new(
        problem.Code.ToString(),
        problem.Severity,
        problem.Object is { } key ? new(key.Kind.ToString(), key.Name.Namespace, key.Name.Name) : null,
        problem.Field,
        problem.Message,
        problem.Cure,
        ProblemHosts.OfRule(problem, view.State.Snapshot)?.ToString(),
        problem.File.Length > 0 ? problem.File : null);
}

/// <summary>All problems that stand.</summary>
internal sealed class ProblemItems(Views views)
{
    public static string[] Parameters { get; } = ["search", "namespace", "code", "severity", "offset", "limit"];

    /// <exception cref="BadQueryException"/>
    public Page<ProblemItem> Find(IQueryCollection parameters)
    {
        var query = new QueryText(parameters, Parameters);
        var (view, page, severity) = (views.Now, PageQuery.Read(query), query.Word<Severity>("severity"));
        var (@namespace, code) = (query.Text("namespace"), query.Text("code"));
        if (code.Length > 0 && !Enum.IsDefined(typeof(ProblemCode), code))
        {
            throw new BadQueryException($"code: '{code}' is no code of a problem");
        }

        var found = from problem in view.Problems
                    where (severity is null || problem.Severity == severity)
                        && (code.Length == 0 || problem.Code.ToString() == code)
                        && (@namespace.Length == 0 || problem.Object?.Name.Namespace == @namespace)
                        && (page.Search.Length == 0 || page.Finds(problem.ToString(), ProblemHosts.OfRule(problem, view.State.Snapshot)?.ToString() ?? ""))
                    select problem;
        return page.Of(found, problems => problems.Select(problem => ProblemItem.Of(view, problem)));
    }
}
