using System.Text.RegularExpressions;
using IngressController.App.Cli;
using IngressController.App.Dashboard.Api;

namespace IngressController.Unit.App;

public sealed partial class TopTableTests
{
    private static readonly string Longest = $"shop.{string.Join('.', Enumerable.Repeat(new string('a', 59), 4))}.test.com";

    [Theory]
    [InlineData(80)]
    [InlineData(40)]
    public void Every_number_stands_beside_a_name_that_is_as_long_as_names_get(int width)
    {
        Assert.Equal(253, Longest.Length);
        var lines = Drawn((width, 24), new(Longest, 12345, 1.5, 234, 0.3, 101000, 17), new("b.test", 0, 0, 0, null, null, 0));
        var (titles, first, second) = (lines[^3], lines[^2], lines[^1]);
        Assert.Equal(["12345", "1.5", "234", "0.3", "101000", "17"], first.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..]);
        Assert.Equal(["b.test", "0.0", "0.0", "0.0", "-", "-", "0"], second.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Matches(@"^shop.*….*om ", first);
        Assert.Equal((titles.Length, titles.Length), (first.Length, second.Length));
        Assert.All(lines, line => Assert.True(line.Length <= width, line));
    }

    [Fact]
    public void What_is_said_of_all_is_broken_between_words_and_takes_rows_away()
    {
        var items = Enumerable.Range(0, 30).Select(index => new TopItem($"h{index}.test", 1, 0, 0, 1, 1, 0)).ToArray();
        var wide = Drawn((200, 10), items);
        var narrow = Drawn((40, 10), items);
        Assert.Equal((9, 9), (wide.Length, narrow.Length));
        Assert.Equal("h0.test", wide[4].Split(' ')[0]);
        Assert.Contains("warnings", string.Join(' ', narrow), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(12)]
    [InlineData(25)]
    public void The_smallest_screens_are_drawn_on(int width) => Assert.All(Drawn((width, 1), new TopItem(Longest, 1, 0, 0, 1, 1, 0)), line => Assert.True(line.Length <= width, line));

    [Fact]
    public void Names_are_whole_where_there_is_no_screen()
    {
        var lines = TopTable.Lines(Overview, new(1, [new(Longest, 1, 0, 0, 1, 1, 0)]), TopKind.Host, "http://a");
        Assert.StartsWith($"{Longest}  1.0", lines[^1], StringComparison.Ordinal);
        Assert.Equal(5, lines.Count);
    }

    [GeneratedRegex(@"\x1b\[[HJK]")]
    private static partial Regex Commands();

    private static Overview Overview { get; } = new(
        "0.1.0", "", DateTimeOffset.UnixEpoch, true, null, null, null, new(0, 0, 0, 0, 0, 0), null, new(1, 2), new(12345, 1.5, 234, 0.3, 101000, 17, 1234), []);

    /// <summary>As they stand on the screen.</summary>
    private static string[] Drawn((int Width, int Height) screen, params TopItem[] items)
    {
        var lines = TopTable.Lines(Overview, new(items.Length, items), TopKind.Host, "http://127.0.0.1:9090", screen);
        var drawing = TopTable.Drawing(lines, screen.Width, isFirst: false);
        return Commands().Replace(drawing, "").Split("\r\n")[..^1];
    }
}
