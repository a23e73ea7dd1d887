using IngressController.App.Cli;
using IngressController.Testing;

namespace IngressController.Unit.App;

public sealed class TranslateTests
{
    private const string Expected =
        """
        hosts:
          - host: "*.shop.test"
            ingresses:
              - default/shop
            paths:
              - path: /
                type: Prefix
                from: "default/shop spec.rules[0].http.paths[0]"
                backend: default/web:80
          - host: broken.test
            ingresses:
              - default/broken
            paths:
              - path: /
                type: Exact
                from: "default/broken spec.rules[0].http.paths[0]"
                backend: default/gone:http
        backends:
          - backend: default/gone:http
            protocol: Http
            destinations: []
            trouble: ServiceNotFound
          - backend: default/web:80
            protocol: Http
            destinations:
              - "10.0.0.1:8080"
              - "10.0.0.2:8080"

        """;

    [Fact]
    public async Task The_model_is_yaml()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("all.yaml", string.Join("---\n", Manifests.Class, Manifests.Web, Manifests.Shop, Manifests.Broken));
        Assert.Equal(
            (0, Expected, "ingress-controller: problems: 1 error, 0 warnings; `check` prints them\n"),
            await Shell.RunAsync("translate", directory.Path));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task The_order_and_the_names_of_files_do_not_matter(int seed)
    {
        string[] objects = [Manifests.Class, .. Manifests.Web.Split("---\n"), Manifests.Shop, Manifests.Broken];
        var random = new Random(seed);
        random.Shuffle(objects);
        using var directory = new TemporaryDirectory();
        foreach (var (index, text) in objects.Index())
        {
            directory.Write(random.Next(2) == 0 ? $"{index}.yaml" : $"sub/{index}.yml", text);
        }

        Assert.Equal(Expected, (await Shell.RunAsync("translate", directory.Path)).Output);
    }

    [Fact]
    public async Task An_empty_directory_is_an_empty_model()
    {
        using var directory = new TemporaryDirectory();
        Assert.Equal((0, "hosts: []\nbackends: []\n", ""), await Shell.RunAsync("translate", directory.Path));
    }

    [Theory]
    [InlineData("/cart", "/cart")]
    [InlineData("spec.rules[0]", "spec.rules[0]")]
    [InlineData("", "\"\"")]
    [InlineData("*.a", "\"*.a\"")]
    [InlineData("80", "\"80\"")]
    [InlineData("1:30", "\"1:30\"")]
    [InlineData("null", "\"null\"")]
    [InlineData("No", "\"No\"")]
    [InlineData("y", "\"y\"")]
    [InlineData("a: b", "\"a: b\"")]
    [InlineData("a:", "\"a:\"")]
    [InlineData("a #b", "\"a #b\"")]
    [InlineData("-a", "\"-a\"")]
    [InlineData("/a\"b\\c", "\"/a\\\"b\\\\c\"")]
    [InlineData("/a\nb\u0007\u0085\u2028", "\"/a\\u000ab\\u0007\\u0085\\u2028\"")]
    [InlineData("/caf\u00e9", "\"/caf\u00e9\"")]
    public void What_could_be_read_as_something_else_is_quoted(string value, string expected) => Assert.Equal(expected, YamlWriter.Scalar(value));
}
