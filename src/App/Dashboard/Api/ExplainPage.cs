using System.ComponentModel;
using IngressController.App.Cli;
using IngressController.Certificates;
using IngressController.Certificates.Acme.Challenges;
using IngressController.Cluster;
using IngressController.Routing.Explaining;
using IngressController.Routing.Model;

namespace IngressController.App.Dashboard.Api;

internal enum Verdict
{
    /// <summary>Something was chosen, and the request goes on.</summary>
    Matched,

    /// <summary>There is nothing here that stops the request.</summary>
    Passed,

    /// <summary>The request is answered here.</summary>
    Refused,

    /// <summary>The request does not come here.</summary>
    Skipped,
}

internal sealed record ExplainedRequest(
    [property: Description("As it was asked for")] string Method,
    [property: Description("As it was asked for, with the Host that was given")] string Url,
    [property: Description("http or https")] string Scheme,
    [property: Description("As it is looked up: without port and trailing dot")] string Host,
    [property: Description("In the normal form in which it is compared")] string Path);

internal sealed record ExplainCandidate(
    [property: Description("A host, a path or a Secret")] string Name,
    [property: Description("The Ingresses that say so")] IReadOnlyList<string> Ingresses,
    [property: Description("It decides")] bool Chosen,
    [property: Description("Why it does or does not, in a few words")] string Why);

internal sealed record ExplainStep(
    [property: Description("In the order in which a request takes them: target, host, path, https, client certificate, backend")] string Step,
    [property: Description("matched: something was chosen, and the request goes on; passed: nothing here stops it; refused: it is answered here; skipped: it does not come here")] Verdict Verdict,
    [property: Description("What happens, in a few words")] string Text,
    [property: Description("All who could have decided, in their order")] IReadOnlyList<ExplainCandidate> Candidates);

/// <summary>What becomes of the request.</summary>
internal enum AnswerKind
{
    Forwarded,
    Redirected,

    /// <summary>The controller answers by itself, and that is meant.</summary>
    Answered,

    /// <summary>The connection goes to the backend undecrypted.</summary>
    PassedThrough,

    /// <summary>The controller answers an error by itself.</summary>
    Refused,
}

internal sealed record ExplainedAnswer(
    [property: Description("forwarded to the backend; redirected; answered by the controller, as is meant; passedThrough, undecrypted; refused: an error of the controller")] AnswerKind Kind,
    [property: Description("What the controller answers by itself; null where the backend answers")] int? Status,
    [property: Description("The decision in one sentence")] string Text,
    [property: Description("Whose route answers, namespace and name; null: no route, or the connection is passed through")] string? Ingress,
    [property: Description("Namespace, name and port")] string? Service,
    [property: Description("Addresses of which one gets the request; empty where none does")] IReadOnlyList<string> Destinations,
    [property: Description("The Secret whose certificate the client is shown; null: the self-signed one, the connection is passed through, or the client speaks no TLS")] string? Certificate);

internal sealed record ExplainedPage(
    [property: Description("As it was understood")] ExplainedRequest Request,
    [property: Description("From the first to the one that answers, and those that it does not come to")] IReadOnlyList<ExplainStep> Steps,
    [property: Description("What becomes of it")] ExplainedAnswer Answer,
    [property: Description("The same for people, as the command line prints it")] string Text,
    [property: Description("Of the Ingresses that name this host, also where they are not served; where none declares it, of what cannot be read at all, too")] IReadOnlyList<ProblemItem> Problems);

/// <summary>Why a request would be answered as it would.</summary>
/// <param name="challenges">Null: no certificates are obtained.</param>
internal sealed class ExplainPage(Views views, CertificateStore certificates, ChallengeAnswers? challenges = null)
{
    public static string[] Parameters { get; } = ["url", "method", "header"];

    /// <exception cref="BadQueryException"/>
    public ExplainedPage Explain(IQueryCollection parameters)
    {
        var query = new QueryText(parameters, Parameters);
        var url = Read<RequestUrl?>(query.LongText("url"), "url", RequestUrl.Read);
        var method = query.Text("method") is { Length: > 0 } given ? Read<string>(given, "method", RequestToken.Method) : "GET";
        var headers = query.Many("header").Select(header => Read<KeyValuePair<string, string>>(header, "header", RequestToken.Header)).ToList();
        var view = views.Now;
        if (view.State.Problems is not { } problems)
        {
            throw new BadQueryException("nothing is served yet, because the first whole configuration is not applied");
        }

        var question = new ExplainQuestion(url!, method, headers);
        var explanation = question.Ask(view.State.Snapshot, problems, certificates, challenges);
        var shown = question.CertificateOf(explanation, certificates);
        return new(
            new(method, $"{url!.Scheme}://{question.Host}{url.Target}", url.Scheme, explanation.Host, explanation.Path),
            ExplainSteps.Of(explanation, question.IsHttps, shown?.Words),
            Answer(explanation, view.Model, question.IsHttps, shown?.Secret),
            question.Text(explanation, certificates),
            [.. explanation.Problems.Select(problem => ProblemItem.Of(view, problem))]);
    }

    private static ExplainedAnswer Answer(Explanation explanation, RoutingModel model, bool isHttps, NamespacedName? shown)
    {
        var isPassedThrough = isHttps && explanation.Tls.IsPassedThrough;
        var backend = isPassedThrough ? explanation.Tls.Passthrough!.Backend : explanation.Chosen?.Backend;
        var destinations = backend is not null && model.Backends.TryGetValue(backend, out var known) ? known.Destinations : [];
        return new(
            isPassedThrough && backend is not null ? AnswerKind.PassedThrough
            : explanation.Status is null && !isPassedThrough ? AnswerKind.Forwarded
            : explanation.Status is >= 300 and < 400 ? AnswerKind.Redirected
            : explanation.Status == StatusCodes.Status200OK ? AnswerKind.Answered
            : AnswerKind.Refused,
            explanation.Status,
            explanation.Decision,
            isPassedThrough ? null : explanation.Chosen?.Ingress?.ToString(),
            backend?.ToString(),
            [.. destinations.Select(destination => destination.ToString())],
            shown?.ToString());
    }

    private static T Read<T>(string text, string name, ReadValue<T> read) =>
        text.Length == 0 ? throw new BadQueryException($"{name} is missing")
        : read(text, out var value) is { } wrong ? throw new BadQueryException($"{name}: '{text}' {wrong}")
        : value;
}
