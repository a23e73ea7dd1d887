using System.Text.RegularExpressions;
using IngressController.Testing;

namespace IngressController.Unit.House;

/// <summary>The rules of the house that no compiler holds. Each is also shown a file that breaks it.</summary>
public sealed class HouseTests
{
    private static readonly Rule[] Rules = [.. ProjectRules.All, .. CodeRules.All, .. TextRules.All];

    public static TheoryData<string> Names => [.. Rules.Select(rule => rule.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_file_keeps_the_rule(string name) => Assert.Empty(SourceFile.All.SelectMany(Rule(name).Violations));

    [Theory]
    [MemberData(nameof(Names))]
    public void The_rule_finds_a_file_that_breaks_it(string name) => Assert.NotEmpty(Rule(name).Violations(Rule(name).Bad));

    [Fact]
    public void The_checkout_is_seen()
    {
        Assert.Contains(SourceFile.All, file => file.Path == "src/App/Program.cs");
        Assert.True(SourceFile.All.Count(file => file.IsProject) >= 8);
        Assert.DoesNotContain(SourceFile.All, file => file.Path.Contains("/obj/", StringComparison.Ordinal));
    }

    [Fact]
    public void Comments_and_strings_are_not_code()
    {
        var file = new SourceFile("src/Bad.cs", "/* Console.A() */ var a = \"Console.B()\"; // Console.C()\nvar b = '\"'; Console.D();");
        Assert.Equal(["src/Bad.cs:2: found: Console.D"], file.Find(@"Console\.\w", "found"));
    }

    [Fact]
    public void Banned_symbols_are_banned_in_every_project_but_not_on_the_command_line()
    {
        var properties = File.ReadAllText(Repository.Path("Directory.Build.props"));
        Assert.Contains("Microsoft.CodeAnalysis.BannedApiAnalyzers", properties, StringComparison.Ordinal);
        Assert.Contains("BannedSymbols.txt", properties, StringComparison.Ordinal);
        Assert.Contains("<TreatWarningsAsErrors>true</TreatWarningsAsErrors>", properties, StringComparison.Ordinal);
        var banned = File.ReadAllText(Repository.Path("BannedSymbols.txt"));
        Assert.All(
            ["P:System.DateTimeOffset.UtcNow", "T:System.Console", "M:System.Environment.GetEnvironmentVariable(System.String)", "P:System.Threading.Tasks.Task`1.Result"],
            symbol => Assert.Contains(symbol, banned, StringComparison.Ordinal));
        var settings = File.ReadAllText(Repository.Path(".editorconfig"));
        var exempt = Regex.Matches(settings, @"\[([^\n]*)\]\n(?:(?!\[).*\n)*?dotnet_diagnostic\.RS0030\.severity = (\w+)");
        Assert.Equal("{src/App/Cli,samples,tests/Testing/Clusters}/**.cs none", string.Join("; ", exempt.Select(match => $"{match.Groups[1].Value} {match.Groups[2].Value}")));
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = File.ReadAllText(Repository.Path("IngressController.sln")).Replace('\\', '/');
        Assert.All(SourceFile.All.Where(file => file.IsProject), project => Assert.Contains($"\"{project.Path}\"", solution, StringComparison.Ordinal));
    }

    private static Rule Rule(string name) => Rules.Single(rule => rule.Name == name);
}
