using System.Globalization;
using System.Text;
using IngressController.App.Dashboard.Api;

namespace IngressController.App.Cli;

/// <summary>The table of <c>top</c>.</summary>
internal static class TopTable
{
    /// <summary>The lines of a table besides its rows, and one for the cursor.</summary>
    public const int OtherLines = 5;

    private const string Home = "\x1b[H";
    private const string RestOfLine = "\x1b[K";
    private const string RestOfScreen = "\x1b[J";

    public static IReadOnlyList<string> Lines(Overview overview, Page<TopItem> top, TopKind by, string address)
    {
        var traffic = overview.Traffic;
        var rows = new List<string[]> { ([ApiJson.Word(by), "rps", "4xx/s", "5xx/s", "p50 ms", "p99 ms", "active"]) };
        rows.AddRange(top.Items.Select(item => (string[])
        [
            Terminal.VisibleLine(item.Name), Rate(item.Requests), Rate(item.ClientErrors), Rate(item.ServerErrors), Time(item.P50), Time(item.P99), item.Active.ToString(CultureInfo.InvariantCulture),
        ]));
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        return
        [
            $"ingress-controller {Terminal.VisibleLine(overview.Version)} at {address}{(overview.Ready ? "" : $", not ready: {Terminal.VisibleLine(overview.Obstacle ?? "")}")}",
            $"all: {Rate(traffic.Requests)} rps, {Rate(traffic.ClientErrors)} 4xx/s, {Rate(traffic.ServerErrors)} 5xx/s, p50 {Time(traffic.P50)} ms, p99 {Time(traffic.P99)} ms, "
                + $"{traffic.Active} active, {traffic.Connections} connections; problems: {overview.Problems.Error} errors, {overview.Problems.Warning} warnings",
            "",
            .. rows.Select(row => Row(row, widths)),
            .. (string[])(top.Total == 0 ? ["no request yet"] : []),
        ];
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

    /// <summary>The name to the left, numbers to the right.</summary>
    private static string Row(string[] cells, int[] widths) =>
        string.Join("  ", cells.Select((cell, column) => column == 0 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column])));

    private static string Rate(double rate) => rate.ToString(rate >= 100 ? "0" : "0.0", CultureInfo.InvariantCulture);

    private static string Time(double? milliseconds) => milliseconds is { } time ? time.ToString(time >= 100 ? "0" : "0.0", CultureInfo.InvariantCulture) : "-";
}
