using IngressController.Testing;

namespace IngressController.Unit.App;

public sealed class TelemetryFlagsTests : IDisposable
{
    private readonly TemporaryDirectory manifests = new();

    public void Dispose() => manifests.Dispose();

    [Theory]
    [InlineData("--metrics-histogram-series", "many", "'many' is not a whole number up to 100000")]
    [InlineData("--metrics-histogram-series", "100001", "'100001' is not a whole number up to 100000")]
    [InlineData("--otlp-endpoint", "collector:4317", "'collector:4317' is not a URL of http or https without a user and a query")]
    [InlineData("--otlp-endpoint", "ftp://collector", "'ftp://collector' is not a URL of http or https without a user and a query")]
    [InlineData("--otlp-endpoint", "http://me@collector", "'http://me@collector' is not a URL of http or https without a user and a query")]
    [InlineData("--otlp-endpoint", "http://collector?key=1", "'http://collector?key=1' is not a URL of http or https without a user and a query")]
    public async Task A_wrong_value_is_refused(string flag, string value, string wrong) =>
        Assert.Equal([$"{flag}: {wrong}"], await ErrorsAsync(flag, value));

    [Theory]
    [InlineData("--otlp-protocol", "thrift", "--otlp-protocol: 'thrift' is not grpc or http")]
    [InlineData("--otlp-interval", "10ms", "--otlp-interval: '10ms' is shorter than a second, and not 0")]
    [InlineData("--otlp-interval", "often", "--otlp-interval: 'often' is not a duration (30s, 1m30s, 500ms)")]
    [InlineData("--otlp-header", "secret", "--otlp-header: one of them is not NAME=VALUE")]
    [InlineData("--otlp-header", "na me=secret", "--otlp-header: one of them is not NAME=VALUE")]
    [InlineData("--otlp-interval", "0", "--otlp-interval 0 pushes no metrics, and without --trace-sampling there are no traces to push")]
    [InlineData("--otlp-headers-file", "/nowhere", "--otlp-headers-file: '/nowhere' cannot be read")]
    public async Task So_is_one_about_the_collector_and_secrets_are_not_repeated(string flag, string value, string error) =>
        Assert.Equal([error], await ErrorsAsync("--otlp-endpoint", "http://collector:4317", flag, value));

    [Theory]
    [InlineData("--otlp-protocol", "grpc")]
    [InlineData("--otlp-header", "a=b")]
    [InlineData("--otlp-interval", "10s")]
    public async Task What_is_about_a_collector_needs_one(string flag, string value) =>
        Assert.Equal([$"{flag} says nothing without --otlp-endpoint"], await ErrorsAsync(flag, value));

    [Fact]
    public async Task A_wrong_line_of_the_file_is_named_by_its_number()
    {
        manifests.Write("headers", "a=b\n\nsecret\n");
        Assert.Equal(
            [$"--otlp-headers-file: '{manifests.File("headers")}' has a line 3 that is not NAME=VALUE"],
            await ErrorsAsync("--otlp-endpoint", "http://collector:4317", "--otlp-headers-file", manifests.File("headers")));
    }

    private Task<string[]> ErrorsAsync(params string[] flags) => Shell.ErrorsAsync(["--manifests", manifests.Path, .. flags]);
}
