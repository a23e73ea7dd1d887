using System.Text.Json;
using System.Text.RegularExpressions;
using IngressController.Proxy.AccessLog;
using IngressController.Proxy.Observing;
using IngressController.Testing;

namespace IngressController.Unit.Proxy.AccessLog;

/// <summary>docs/access-log.md against what is written.</summary>
public sealed class DocumentationTests
{
    private static string Text { get; } = File.ReadAllText(Repository.Path("docs/access-log.md"));

    [Fact]
    public void The_table_has_every_member_of_the_JSON_in_its_order_with_its_type()
    {
        using var json = JsonDocument.Parse(Logged.As(AccessLogFormat.Json, Logged.Usual));
        var written = json.RootElement.EnumerateObject().Select(member => (member.Name, member.Value.ValueKind == JsonValueKind.Number ? "number" : "string"));
        Assert.Equal(written, Rows("member").Select(row => (row[0], row[1])));
    }

    [Fact]
    public void The_table_has_every_field_of_a_console_line_at_its_place()
    {
        var record = Logged.Usual with { Host = "host", Path = "/path", Method = "method", RequestId = "requestId", Ingress = "ingress", Service = "service", Reason = "reason" };
        var fields = Logged.As(AccessLogFormat.Console, record with { Last = record.Last with { Destination = "destination" } }).Split(' ');
        var places = Rows("member").Where(row => row[2].Length > 0).ToList();
        Assert.Equal(Enumerable.Range(1, fields.Length), places.Select(row => int.Parse(row[2], null)).Distinct().Order());
        string[] named = ["method", "host", "path", "ingress", "service", "destination", "requestId", "reason"];
        Assert.All(named, name => Assert.Contains(name, fields[int.Parse(places.Single(row => row[0] == name)[2], null) - 1], StringComparison.Ordinal));
    }

    [Fact]
    public void The_list_of_variables_is_the_closed_one() =>
        Assert.Equal(Variables.All.Keys.Order(StringComparer.Ordinal), Rows("variable").Select(row => row[0].TrimStart('$')).Order(StringComparer.Ordinal));

    [Fact]
    public void The_lists_of_what_secret_names_end_in_are_the_closed_ones()
    {
        Assert.Equal(SecretParameters.Endings, Listed("endings"));
        Assert.Equal(SecretParameters.Words, Listed("words"));
    }

    private static IEnumerable<string> Listed(string name) =>
        Regex.Matches(Regex.Match(Text, $@"(?s)<!-- {name} -->\s*(.*?)\s*<!-- end -->").Groups[1].Value, "`([a-z]+)`").Select(match => match.Groups[1].Value);

    /// <summary>The cells of the table whose first column is headed so, without backticks; a cell with several names is so many rows.</summary>
    private static IEnumerable<string[]> Rows(string head)
    {
        var table = Regex.Match(Text, $@"(?m)^\| {head} \|.*\n\|[-|]+\n((?:\|.*\n)+)").Groups[1].Value;
        Assert.NotEqual("", table);
        foreach (var row in table.TrimEnd().Split('\n'))
        {
            var cells = row.Trim('|').Split('|').Select(cell => cell.Trim()).ToArray();
            foreach (Match name in Regex.Matches(cells[0], "`([^`]+)`"))
            {
                yield return [name.Groups[1].Value, .. cells[1..]];
            }
        }
    }
}
