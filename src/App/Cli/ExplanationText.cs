using System.Text;
using IngressController.Routing.Explaining;
using IngressController.Routing.Matching;
using IngressController.Routing.Model;

namespace IngressController.App.Cli;

/// <summary>An explanation for people: each step of the decision, with an arrow at what was chosen.</summary>
internal static class ExplanationText
{
    /// <param name="shown">The certificate that clients are shown; null where the request has none to do with.</param>
    public static string Write(string request, Explanation explanation, string? shown)
    {
        var text = new StringBuilder();
        text.Append(request).Append("\n\n");
        text.Append("host     ").Append(explanation.Host).Append('\n');
        text.Append("path     ").Append(explanation.Path).Append("\n\n");
        Hosts(text, explanation);
        Routes(text, explanation);
        Backend(text, explanation);
        Tls(text, explanation.Tls);
        text.Append(shown is not null ? $"tls      clients are shown {shown}\n" : "");
        text.Append("answer   ").Append(explanation.Decision).Append('\n');
        if (explanation.PassedOver.Count > (explanation.Status == 404 ? 1 : 0)) // the answer tells of the first
        {
            text.Append("\nIngresses that could answer and are not served\n");
            foreach (var (ingress, why) in explanation.PassedOver)
            {
                text.Append("     ").Append(ingress).Append(": ").Append(why).Append('\n');
            }
        }

        if (!explanation.Problems.IsEmpty)
        {
            text.Append("\nproblems that concern this host\n");
            foreach (var problem in explanation.Problems)
            {
                text.Append("     ").Append(problem).Append('\n');
            }
        }

        return text.ToString();
    }

    private static void Hosts(StringBuilder text, Explanation explanation)
    {
        var rows = explanation.Hosts.Select(host => (
            host.IsChosen,
            new[]
            {
                host.Host.IsAny ? "(any host)" : host.Host.ToString(),
                host.Exists ? $"declared by {string.Join(", ", host.Ingresses)}{(host.IsChosen ? "" : "; not asked, an earlier one decides")}" : "no Ingress of ours declares it",
            }));
        Table(text, "hosts, in the order in which they are asked", rows);
    }

    private static void Routes(StringBuilder text, Explanation explanation)
    {
        var rows = explanation.Routes.Select(candidate => (
            candidate.IsChosen,
            new[] { candidate.Route.Path.Kind.ToString(), candidate.Route.Path.Text, Origin(candidate.Route), candidate.Why }));
        Table(text, "paths of that host, in the order of precedence", rows);
        if (explanation is { Chosen: { } chosen, Kind: MatchKind.HostDefault or MatchKind.CatchAll })
        {
            var which = explanation.Kind == MatchKind.HostDefault ? "default backend of that host" : "default backend of the whole controller";
            text.Append($"{which}\n  -> {Origin(chosen)}\n\n");
        }
    }

    private static void Backend(StringBuilder text, Explanation explanation)
    {
        if (explanation.Chosen?.Backend is not { } key)
        {
            return;
        }

        var policy = key.Policy;
        text.Append($"policies balancing {policy.Balancing}, connect timeout {DurationText.Of(policy.ConnectTimeout)}, idle timeout {DurationText.Of(policy.IdleTimeout)}");
        text.Append(explanation.Backend?.ClientIPAffinity is { } affinity ? $", client IP affinity {DurationText.Of(affinity)}\n" : "\n");
        text.Append($"backend  Service {key}");
        if (explanation.Backend is { } backend)
        {
            text.Append($", {backend.Protocol}\n");
            foreach (var destination in backend.Destinations)
            {
                text.Append($"         {destination}\n");
            }

            text.Append(backend.Trouble is { } trouble ? $"         none: {trouble.Code}: {trouble.Message}. {trouble.Cure}\n" : "");
        }
        else
        {
            text.Append('\n');
        }
    }

    /// <summary>Nothing where no Ingress says anything about the host's TLS.</summary>
    private static void Tls(StringBuilder text, TlsExplanation tls)
    {
        if (tls.Certificates.IsEmpty && tls.Clients is null && !tls.IsPassedThrough && !tls.IsRedirected)
        {
            return;
        }

        foreach (var (secret, ingress, field, ifCovering) in tls.Certificates)
        {
            var but = tls.WhyMissing(secret) is { } why ? $", which {why}" : ifCovering ? ", if it is for this host" : "";
            text.Append($"tls      certificate of Secret {secret} ({ingress} {field}){but}\n");
        }

        text.Append(tls.IsPassedThrough ? "tls      passed through to the backend\n"
            : tls.Certificates.IsEmpty ? $"tls      the default certificate{(tls.DefaultCertificate is { } given ? $" of Secret {given}" : ", which the program makes")}\n"
            : "");
        text.Append(tls.Clients is { } clients ? $"clients  show certificates ({clients.Use}) that Secret {clients.Secret} vouches for\n" : "");
        text.Append(tls.IsRedirected ? "http     is redirected to https\n" : "http     is not redirected to https\n");
    }

    private static string Origin(Route route) => route.Ingress is { } ingress ? $"{ingress} {route.Field}" : route.Field;

    /// <summary>Columns as wide as their widest cell; nothing where there are no rows.</summary>
    private static void Table(StringBuilder text, string title, IEnumerable<(bool IsChosen, string[] Cells)> rows)
    {
        var table = rows.ToList();
        if (table.Count == 0)
        {
            return;
        }

        var widths = Enumerable.Range(0, table[0].Cells.Length).Select(column => table.Max(row => row.Cells[column].Length)).ToArray();
        text.Append(title).Append('\n');
        foreach (var (isChosen, cells) in table)
        {
            var line = string.Join("  ", cells.Select((cell, column) => cell.PadRight(widths[column])));
            text.Append(isChosen ? "  -> " : "     ").Append(line.TrimEnd()).Append('\n');
        }

        text.Append('\n');
    }
}
