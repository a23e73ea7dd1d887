using System.Globalization;
using System.Text;
using IngressController.App.Dashboard.Api;

namespace IngressController.App.Cli;

/// <summary>The table of <c>top</c>.</summary>
internal static class TopTable
{
    private const string Home = "\x1b[H";
    private const string RestOfLine = "\x1b[K";
    private const string RestOfScreen = "\x1b[J";

    /// <summary>With fewer columns for names the titles of the numbers become shorter.</summary>
    private const int EnoughForNames = 24;

    private static readonly string[] Titles = ["rps", "4xx/s", "5xx/s", "p50 ms", "p99 ms", "active"];
    private static readonly string[] ShortTitles = ["rps", "4xx", "5xx", "p50", "p99", "act"];

    /// <summary>What fits a screen: numbers have their room first, and the names what is left. Null: everything whole.</summary>
    public static IReadOnlyList<string> Lines(Overview overview, Page<TopItem> top, TopKind by, string address, (int Width, int Height)? screen = null)
    {
        var width = screen?.Width ?? int.MaxValue;
        List<string> lines = [.. Summary(overview, address).SelectMany(line => Wrapped(line, width)), ""];
        var items = screen is { Height: var height } ? top.Items.Take(Math.Max(1, height - lines.Count - 2)) : top.Items; // besides the titles and the cursor
        lines.AddRange(Table(ApiJson.Word(by), [.. items], width));
        return top.Total == 0 ? [.. lines, "no request yet"] : lines;
    }

    public static string Text(IReadOnlyList<string> lines, bool isFirst) => $"{(isFirst ? "" : "\n")}{string.Join('\n', lines)}\n";

    /// <summary>Over what was drawn before, without a moment in which the screen is empty.</summary>
    public static string Drawing(IReadOnlyList<string> lines, int width, bool isFirst)
    {
        var text = new StringBuilder(isFirst ? Home + RestOfScreen : Home);
        foreach (var line in lines)
        {
            text.Append(line.Length > width ? line[..width] : line).Append(RestOfLine).Append("\r\n");
        }

        return text.Append(RestOfScreen).ToString();
    }

    private static string[] Summary(Overview overview, string address)
    {
        var traffic = overview.Traffic;
        return
        [
            $"ingress-controller {Terminal.VisibleLine(overview.Version)} at {address}{(overview.Ready ? "" : $", not ready: {Terminal.VisibleLine(overview.Obstacle ?? "")}")}",
            $"all: {Rate(traffic.Requests)} rps, {Rate(traffic.ClientErrors)} 4xx/s, {Rate(traffic.ServerErrors)} 5xx/s, p50 {Time(traffic.P50)} ms, p99 {Time(traffic.P99)} ms, "
                + $"{traffic.Active} active, {traffic.Connections} connections; problems: {overview.Problems.Error} errors, {overview.Problems.Warning} warnings",
        ];
    }

    private static IEnumerable<string> Table(string by, IReadOnlyList<TopItem> items, int width)
    {
        var rows = items.Select(item => (string[])
        [
            Rate(item.Requests), Rate(item.ClientErrors), Rate(item.ServerErrors), Time(item.P50), Time(item.P99), item.Active.ToString(CultureInfo.InvariantCulture),
        ]).ToList();
        var (titles, gap) = (Titles, 2);
        if (width - Room(titles, rows, gap) < EnoughForNames)
        {
            (titles, gap) = (ShortTitles, 1);
        }

        string[] names = [by, .. items.Select(item => Terminal.VisibleLine(item.Name))];
        var room = Math.Min(names.Max(name => name.Length), Math.Max(1, width - Room(titles, rows, gap)));
        return names.Zip([titles, .. rows], (name, cells) => Shortened(name, room).PadRight(room) + string.Concat(cells.Zip(Widths(titles, rows), (cell, most) => cell.PadLeft(gap + most))));
    }

    private static IEnumerable<int> Widths(string[] titles, List<string[]> rows) =>
        titles.Select((title, column) => rows.Select(row => row[column].Length).Append(title.Length).Max());

    /// <summary>That all the numbers take.</summary>
    private static int Room(string[] titles, List<string[]> rows, int gap) => Widths(titles, rows).Sum(most => gap + most);

    /// <summary>In the middle: the beginning tells hosts of one domain apart, the end says which domain it is.</summary>
    private static string Shortened(string name, int room) =>
        name.Length <= room ? name : $"{name[..(room / 2)]}…{name[^((room - 1) / 2)..]}";

    /// <summary>Between its words; a word that is longer than a line is left to be cut.</summary>
    private static IEnumerable<string> Wrapped(string text, int width)
    {
        var line = "";
        foreach (var word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = "";
            }

            line = line.Length == 0 ? word : $"{line} {word}";
        }

        yield return line;
    }

    private static string Rate(double rate) => rate.ToString(rate >= 100 ? "0" : "0.0", CultureInfo.InvariantCulture);

    private static string Time(double? milliseconds) => milliseconds is { } time ? time.ToString(time >= 100 ? "0" : "0.0", CultureInfo.InvariantCulture) : "-";
}
