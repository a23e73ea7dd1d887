using IngressController.Testing;

namespace IngressController.Unit.App.Metrics;

public sealed class SeriesSelectorTests
{
    [Theory]
    [InlineData("up", "up")]
    [InlineData("""sum by (le, a) (rate(x_bucket{a=~"1|2", b!="}"}[5m])) / on() max(y) or vector(0)""", """x_bucket a=~1|2 b!=}; y""")]
    [InlineData("""absent(t{n="c"}) and on (job) z offset 5m > 1e6 unless 14 * 86400 - time() < w:x""", "t n=c; z; w:x")]
    public void Every_metric_of_a_question_is_found_with_its_matchers(string question, string expected) =>
        Assert.Equal(expected, string.Join("; ", SeriesSelector.Of(question).Select(found => string.Join(' ', [found.Metric, .. found.Matchers.Select(matcher => $"{matcher.Label}{matcher.Operator}{matcher.Value}")]))));
}
