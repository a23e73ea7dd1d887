using IngressController.Cluster;
using IngressController.Cluster.Resources;

namespace IngressController.Unit.Kubernetes;

public sealed class YamlScalarTests
{
    [Theory]
    [InlineData("yes", "bool")]
    [InlineData("Off", "bool")]
    [InlineData("n", "bool")]
    [InlineData("TRUE", "bool")]
    [InlineData("1", "number")]
    [InlineData("-0x1F", "number")]
    [InlineData("0o17", "number")]
    [InlineData("0b11", "number")]
    [InlineData("08", "number")]
    [InlineData("1_000", "number")]
    [InlineData("1.5e3", "number")]
    [InlineData(".5", "number")]
    [InlineData("!!int 7", "number")]
    [InlineData("[a]", "array")]
    [InlineData("{a: b}", "object")]
    public void An_unquoted_value_that_is_no_string_for_kubectl_is_none_here(string value, string kind)
    {
        var problem = ManifestFolder.ReadText($"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\ndata:\n  key: {value}\n").SingleProblem();

        Assert.Equal($"json: cannot unmarshal {kind} into Go struct field ConfigMap.data of type string", problem.Message);
        Assert.Equal(("data[key]", "a.yaml", 5), (problem.Field, problem.File, problem.Line));
    }

    [Theory]
    [InlineData("'yes'", "yes")]
    [InlineData("\"0x1F\"", "0x1F")]
    [InlineData("yess", "yess")]
    [InlineData("2024-01-02", "2024-01-02")]
    [InlineData("2024-01-02T03:04:05Z", "2024-01-02T03:04:05Z")]
    [InlineData("1.2.3", "1.2.3")]
    [InlineData("0x", "0x")]
    [InlineData("12:30", "12:30")]
    [InlineData("!!str 12", "12")]
    [InlineData("! 12", "12")]
    [InlineData("!custom 12", "12")]
    [InlineData("!!binary aGk=", "hi")]
    [InlineData("~", "")]
    [InlineData("", "")]
    [InlineData("null", "")]
    [InlineData("|\n    two\n    lines", "two\nlines\n")]
    [InlineData("\"\\u00e9\"", "é")]
    public void A_value_that_is_a_string_for_kubectl_is_one_here(string value, string expected)
    {
        var map = ManifestFolder.ReadText($"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\ndata:\n  key: {value}\n").Single<ConfigMap>();

        Assert.Equal(expected, map.Data.GetValueOrDefault("key"));
    }

    [Theory]
    [InlineData("80", 80)]
    [InlineData("0x50", 80)]
    [InlineData("0o120", 80)]
    [InlineData("0120", 80)]
    [InlineData("+80", 80)]
    [InlineData("8_0", 80)]
    [InlineData("80.0", 80)]
    [InlineData("8e1", 80)]
    [InlineData("!!float 80", 80)]
    public void Integers_are_Go_integers(string text, int expected)
    {
        var service = ManifestFolder.ReadText($"apiVersion: v1\nkind: Service\nmetadata: {{name: a}}\nspec: {{ports: [{{port: {text}}}]}}\n").Single<Service>();

        Assert.Equal(expected, Assert.Single(service.Ports).Port);
    }

    [Theory]
    [InlineData("80.5", "number 80.5")]
    [InlineData("99999999999", "number 99999999999")]
    [InlineData("123456789012345678901234567890", "number 123456789012345678901234567890")]
    [InlineData("'80'", "string")]
    public void A_number_that_is_no_int32_says_so_as_Go_does(string text, string value)
    {
        var problem = ManifestFolder.ReadText($"apiVersion: v1\nkind: Service\nmetadata: {{name: a}}\nspec: {{ports: [{{port: {text}}}]}}\n").SingleProblem();

        Assert.Equal($"json: cannot unmarshal {value} into Go struct field ServicePort.spec.ports.port of type int32", problem.Message);
        Assert.Equal("spec.ports[0].port", problem.Field);
    }

    [Theory]
    [InlineData(".inf")]
    [InlineData(".NaN")]
    [InlineData("1e999")]
    [InlineData("!!int x")]
    [InlineData("!!bool 3")]
    [InlineData("\"\\ud800\"")]
    public void A_value_that_JSON_cannot_hold_is_a_problem_with_its_line(string text)
    {
        var problem = ManifestFolder.ReadText($"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\ndata:\n  key: {text}\n").SingleProblem();

        Assert.Equal((ProblemCode.SyntaxError, "a.yaml", 5), (problem.Code, problem.File, problem.Line));
    }

    [Fact]
    public void Keys_that_are_bools_and_numbers_become_strings()
    {
        var map = ManifestFolder.ReadText("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {on: a, 1: b}\n").Single<ConfigMap>();

        Assert.Equal(("a", "b"), (map.Data.GetValueOrDefault("true"), map.Data.GetValueOrDefault("1")));
    }
}
