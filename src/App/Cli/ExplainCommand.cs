using System.CommandLine;
using IngressController.Routing.Explaining;

namespace IngressController.App.Cli;

/// <summary><c>explain URL</c>: which Ingress, rule and backend answer a request, and why.</summary>
internal static class ExplainCommand
{
    private static readonly Argument<string?> Url = new("URL") { Description = "As in http://shop.example.com/cart?id=7", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Flag Method = Flag.One("--method", "M", "The request's method; default: GET");
    private static readonly Flag Header = Flag.Many("--header", "'N: V'", "A header of the request");
    private static readonly Flag Admin = Flag.One("--admin", "ADDR", "Ask a running controller at its admin address");

    public static Command Command { get; } = Create();

    public static int Execute(FlagReader flags, Terminal terminal)
    {
        flags.Refuse<string>(Admin, FlagValue.Text, "explains manifests only, not a running controller; give --manifests DIR");
        var url = flags.Required<RequestUrl?>(Url, RequestUrl.Read, null);
        var method = flags.One(Method, RequestToken.Method, "GET");
        var headers = flags.Many<KeyValuePair<string, string>>(Header, RequestToken.Header);
        var directory = flags.One(Flags.Manifests, ManifestsDirectory.Exists, "");
        if (directory.Length == 0 && !flags.IsGiven(Flags.Manifests) && !flags.IsGiven(Admin))
        {
            flags.Error("which manifests? give --manifests DIR");
        }

        var options = TranslationFlags.Read(flags);
        if (flags.Complain(terminal))
        {
            return ExitCode.Usage;
        }

        var host = headers.Where(IsHost).Select(header => header.Value).LastOrDefault(url!.Host);
        var reading = TranslatedManifests.Read(directory, options);
        var isHttps = url.Scheme == "https";
        var explanation = Explainer.Explain(reading.Snapshot, reading.Translation, host, url.Target, isHttps);
        var certificate = isHttps ? CertificateExplanation.Of(explanation, reading.Certificates) : null;
        terminal.Output.Write(ExplanationText.Write($"{method} {url.Scheme}://{host}{url.Target}", explanation, certificate));
        if (method != "GET" || headers.Any(header => !IsHost(header)))
        {
            terminal.Output.WriteLine("\nOf the headers only Host decides in this version, and the method decides nothing.");
        }

        return ExitCode.Success;
    }

    private static bool IsHost(KeyValuePair<string, string> header) => header.Key.Equals("Host", StringComparison.OrdinalIgnoreCase);

    private static Command Create()
    {
        var command = new Command("explain", "Say which Ingress, rule, policies and backend answer a request, and why") { Url };
        foreach (var flag in Flags.OfTranslation.Prepend(Flags.Manifests).Prepend(Admin).Prepend(Header).Prepend(Method))
        {
            command.Options.Add(flag.Option);
        }

        return command;
    }
}
