using IngressController.App.Cli;
using IngressController.Certificates;
using IngressController.Cluster;
using IngressController.Routing.Explaining;
using IngressController.Routing.Translation;

namespace IngressController.App.Dashboard.Api;

/// <summary>A request that somebody asks about; the command line and the running controller answer it alike.</summary>
internal sealed record ExplainQuestion(RequestUrl Url, string Method, IReadOnlyList<KeyValuePair<string, string>> Headers)
{
    /// <summary>The Host header.</summary>
    public string Host => Headers.Where(IsHost).Select(header => header.Value).LastOrDefault(Url.Host);

    public bool IsHttps => Url.Scheme == "https";

    public Explanation Ask(ClusterSnapshot snapshot, Translation translation) => Explainer.Explain(snapshot, translation, Host, Url.Target, IsHttps);

    /// <summary>For people.</summary>
    public string Text(Explanation explanation, CertificateStore certificates)
    {
        var certificate = IsHttps ? CertificateExplanation.Of(explanation, certificates) : null;
        var text = ExplanationText.Write($"{Method} {Url.Scheme}://{Host}{Url.Target}", explanation, certificate);
        return Method == "GET" && Headers.All(IsHost) ? text : $"{text}\nOf the headers only Host decides in this version, and the method decides nothing.\n";
    }

    private static bool IsHost(KeyValuePair<string, string> header) => header.Key.Equals("Host", StringComparison.OrdinalIgnoreCase);
}
