using System.Text.RegularExpressions;

namespace IngressController.Unit.House;

/// <summary>Rules that a compiler does not know.</summary>
internal static class CodeRules
{
    private const int MaximumLines = 400;

    /// <summary>Who may use the console and the environment; RS0030 is off there.</summary>
    private static readonly string[] Outside = ["src/App/Cli", "samples"];

    private static readonly string[] Pure = ["src/Cluster", "src/Routing"];

    public static IEnumerable<Rule> All { get; } =
    [
        new("Folder is namespace", Namespaces, new("src/Proxy/Backends/Bad.cs", "namespace IngressController.Proxy;")),
        Rule.AboutCode("No type of ours in Microsoft.* or System.*", @"^namespace (Microsoft|System)\b.*", "namespace Microsoft.Extensions.DependencyInjection;"),
        new("No file of 400 lines", file => file.IsCode && Lines(file) >= MaximumLines ? [$"{file.Path}: {Lines(file)} lines"] : [], new("src/Bad.cs", new string('\n', 400))),
        Rule.AboutCode(
            "No Manager, Helper, Util, Common, Base, Impl, Data, Info",
            @"\b(class|record|struct|interface|enum)\s+\w*(Managers?|Helpers?|Util|Utils|Utility|Utilities|Common|Base|Impl|Data|Info)\b",
            "internal static class StringHelper;"),
        new("No Manager, Helper, Util, Common, Base, Impl, Data, Info as a folder", Folders, new("src/Proxy/Helpers/Bad.cs", "")),
        Rule.AboutCode("No region", @"^\s*#region", "#region Fields"),
        Rule.AboutCode("No warning is silenced in code", @"^\s*#pragma\s+warning\s+disable", "#pragma warning disable CA1822"),
        Rule.AboutCode("No async void", @"\basync\s+void\b", "private async void OnChange()"),
        Rule.AboutCode("No blocking wait", @"(?<!IsCompletedSuccessfully[^}]{0,100})\.Result\b(?!\s*[({])|\.Wait\(|\.GetAwaiter\(\)\.GetResult\(", "var text = ReadAsync().Result;"),
        Rule.AboutCode("Classes are sealed or static", @"^\s*(?:(?:public|internal|private|protected|file|partial|abstract|unsafe)\s+)*class\s+\w+", "public class Open;", file => !file.IsUnder("tests/Benchmarks")), // BenchmarkDotNet derives from them
        Rule.AboutCode("LoggerMessage stands in Log.cs", @"\[LoggerMessage\b", "[LoggerMessage(LogLevel.Information, \"x\")]", file => file.Name != "Log.cs"),
        Rule.AboutCode(
            "Only the command line, the samples and nobody else use the console and the environment",
            @"(?<![\w.])(System\.)?(Console\.(?!Formatter)\w+|Environment\.GetEnvironmentVariables?\b)",
            "Console.WriteLine(1);",
            file => file.IsUnder("src", "samples") && !file.IsUnder(Outside)),
        Rule.AboutCode(
            "Time comes from TimeProvider where the analyzer is off too",
            @"\b(DateTime|DateTimeOffset)\.(Now|UtcNow)\b|\bThread\.Sleep\(|\bTask\.Delay\((?![^;]*\b(time|TimeProvider)\b)|\bnew\s+(System\.)?(Threading\.|Timers\.)?Timer\(",
            "await Task.Delay(delay, cancellationToken);",
            file => file.IsUnder(Outside),
            "samples/echo/Bad.cs"),
        Rule.AboutCode("YARP is in Proxy only", @"^\s*(global\s+)?using\s+(static\s+)?Yarp\b.*|(?<![\w.])Yarp\.\w+", "using Yarp.ReverseProxy.Model;", file => !file.IsUnder("src/Proxy", "tests/StockYarp"), "src/App/Bad.cs"),
        Rule.AboutCode("YamlDotNet is in Kubernetes only", @"(?<![\w.])YamlDotNet\b", "using YamlDotNet.Core;", file => !file.IsUnder("src/Kubernetes"), "src/App/Bad.cs"),
        Rule.AboutCode("Cluster and Routing know no framework", @"(?<![\w.])Microsoft\.\w+", "using Microsoft.Extensions.Logging;", file => file.IsUnder(Pure), "src/Routing/Bad.cs"),
        Rule.AboutCode("No test is skipped", @"\bSkip\s*=", "[Fact(Skip = \"flaky\")]", file => file.IsUnder("tests"), "tests/Unit/Bad.cs"),
    ];

    private static int Lines(SourceFile file) => file.Text.AsSpan().Count('\n');

    private static IEnumerable<string> Namespaces(SourceFile file)
    {
        if (!file.IsCode || Regex.Match(file.Code, @"^namespace ([\w.]+)", RegexOptions.Multiline) is not { Success: true } declared)
        {
            return [];
        }

        var parts = file.Folder.Split('/').Skip(1).Select(part => char.ToUpperInvariant(part[0]) + part[1..]);
        var expected = string.Join('.', parts.Prepend("IngressController"));
        return declared.Groups[1].Value == expected ? [] : [$"{file.Path}: namespace {declared.Groups[1].Value}, not {expected}"];
    }

    private static IEnumerable<string> Folders(SourceFile file) =>
        file.IsCode && Regex.IsMatch(file.Folder, @"(^|/)\w*(Managers?|Helpers?|Utils?|Utilities|Common|Base|Impl|Data|Info)(/|$)") ? [$"{file.Path}: such a folder says nothing"] : [];
}
