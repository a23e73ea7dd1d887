using System.Collections.Immutable;
using System.Globalization;
using IngressController.App;
using IngressController.Cluster;
using IngressController.Testing;

namespace IngressController.Unit.App;

public sealed class ProblemLogTests : IDisposable
{
    private readonly LogLines<ProblemLog> lines = new();
    private readonly ProblemLog log;

    public ProblemLogTests() => log = new(new ManualClock(), lines);

    public void Dispose() => log.Dispose();

    [Fact]
    public void New_ones_and_cured_ones_are_one_line_each()
    {
        log.Report([.. Numbers(1, 2)]);
        log.Report([.. Numbers(1, 2)]);
        log.Report([.. Numbers(2, 2)]);
        Assert.Equal(
            [
                "Warning Problem: error NoEndpoints: 0001",
                "Warning Problem: error NoEndpoints: 0002",
                "Warning Problem: error NoEndpoints: 0003",
                "Information Cured: error NoEndpoints: 0001",
            ],
            lines.Lines);
    }

    [Fact]
    public void A_flood_of_problems_is_not_a_flood_of_lines()
    {
        Assert.Equal(50, log.Report([.. Numbers(1, 1000)]));
        Assert.Equal(51, lines.Lines.Count);
        Assert.StartsWith("Warning 950 more problems and 0 more cures", lines.Lines.Last(), StringComparison.Ordinal);
        log.Report([]);
        Assert.Equal(102, lines.Lines.Count);
        Assert.StartsWith("Warning 0 more problems and 950 more cures", lines.Lines.Last(), StringComparison.Ordinal);
    }

    private static ImmutableArray<Problem> Numbers(int first, int count) =>
    [
        .. Enumerable.Range(first, count).Select(number =>
            new Problem(ProblemCode.NoEndpoints, Severity.Error, null, "", number.ToString("d4", CultureInfo.InvariantCulture))),
    ];
}
