using System.Text;
using IngressController.App.Dashboard.Api;
using IngressController.Cluster;

namespace IngressController.App.Cli;

/// <summary><c>check --admin ADDR</c>: the problems that a running controller knows, in the words of <c>check DIR</c>.</summary>
internal static class CheckedController
{
    public static async Task<int> ReportAsync(AdminClient client, Terminal terminal, CancellationToken cancellationToken)
    {
        try
        {
            var problems = await ReadAsync(client, cancellationToken);
            problems.ForEach(problem => terminal.Output.WriteLine(Line(problem)));
            var errors = problems.Count(problem => problem.Severity == Severity.Error);
            terminal.Output.WriteLine($"problems: {StartupSummary.Problems(errors, problems.Count - errors)}");
            return errors > 0 ? ExitCode.Failure : ExitCode.Success;
        }
        catch (AdminException failure)
        {
            terminal.Complain(failure.Message);
            return ExitCode.Failure;
        }
    }

    private static async Task<List<ProblemItem>> ReadAsync(AdminClient client, CancellationToken cancellationToken)
    {
        var problems = new List<ProblemItem>();
        Page<ProblemItem> page;
        do
        {
            page = await client.GetAsync($"/api/problems?limit={PageQuery.MostLimit}&offset={problems.Count}", ApiJson.Shapes.PageProblemItem, cancellationToken);
            problems.AddRange(page.Items);
        }
        while (page.Items.Count > 0 && problems.Count < page.Total);
        return problems;
    }

    /// <summary>As <see cref="Problem.ToString"/>, also for codes that only a newer controller knows.</summary>
    private static string Line(ProblemItem problem)
    {
        var line = new StringBuilder(problem.File is { } file ? $"{file}: " : "").Append($"{(problem.Severity == Severity.Error ? "error" : "warning")} {problem.Code}: ");
        if (problem.Object is { } about)
        {
            line.Append($"{about.Kind} {new NamespacedName(about.Namespace, about.Name)}{(problem.Field.Length > 0 ? $" {problem.Field}" : "")}: ");
        }

        return Terminal.VisibleLine(line.Append(problem.Message).Append(problem.Cure.Length > 0 ? $". {problem.Cure}" : "").ToString());
    }
}
