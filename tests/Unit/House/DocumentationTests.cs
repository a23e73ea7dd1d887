using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using IngressController.Cluster;

namespace IngressController.Unit.House;

public sealed class DocumentationTests
{
    [Fact]
    public void Every_problem_has_its_section_and_every_section_its_problem()
    {
        var sections = Regex.Matches(Read("docs/problems.md"), "^### (.+)$", RegexOptions.Multiline).Select(match => match.Groups[1].Value);
        Assert.Equal(Enum.GetNames<ProblemCode>(), sections);
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("docs")]
    public void Every_link_leads_somewhere(string place)
    {
        var path = Path.Combine(Root(), place);
        foreach (var file in File.Exists(path) ? [path] : Directory.GetFiles(path, "*.md"))
        {
            foreach (var target in Regex.Matches(File.ReadAllText(file), @"\]\((?!https?:)([^)]+)\)").Select(match => match.Groups[1].Value))
            {
                var parts = target.Split('#');
                var linked = parts[0].Length == 0 ? file : Path.Combine(Path.GetDirectoryName(file)!, parts[0]);
                Assert.True(File.Exists(linked) || Directory.Exists(linked), $"{file} links to {target}, which does not exist");
                Assert.True(parts.Length == 1 || Anchors(linked).Contains(parts[1]), $"{file} links to {target}, which has no such section");
            }
        }
    }

    private static IEnumerable<string> Anchors(string file) =>
        Regex.Matches(File.ReadAllText(file), "^#+ (.+)$", RegexOptions.Multiline)
            .Select(match => Regex.Replace(match.Groups[1].Value.Trim().ToLowerInvariant(), "[^a-z0-9 -]", "").Replace(' ', '-'));

    private static string Read(string path) => File.ReadAllText(Path.Combine(Root(), path));

    private static string Root([CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "../../.."));
}
