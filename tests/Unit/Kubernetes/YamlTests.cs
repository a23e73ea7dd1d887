using System.Text;
using IngressController.Cluster;
using IngressController.Cluster.Resources;

namespace IngressController.Unit.Kubernetes;

public sealed class YamlTests
{
    [Fact]
    public void Anchors_aliases_and_merge_keys_work_and_what_a_map_says_itself_wins()
    {
        var map = ManifestFolder.ReadText("""
            apiVersion: v1
            kind: ConfigMap
            metadata: &meta
              name: a
              labels: &labels {app: web, tier: front}
              annotations:
                <<: [*labels, {tier: none, more: x}]
                app: own
            data:
              copy: &text hello
              again: *text
              "<<": quoted
            """).SingleProblem();

        // A key "<<" is no ConfigMap key; that it got so far shows that it was not merged.
        Assert.Equal("data[<<]", map.Field);
        var good = ManifestFolder.ReadText("""
            apiVersion: v1
            kind: ConfigMap
            metadata:
              name: a
              labels: &labels {app: web, tier: front}
              annotations:
                <<: [*labels, {tier: none, more: x}]
                app: own
            data:
              copy: &text hello
              again: *text
            """).Single<ConfigMap>();
        Assert.Equal("hello", good.Data.GetValueOrDefault("again"));
        Assert.Equal(
            ["app=own", "more=x", "tier=front"],
            ((IEnumerable<KeyValuePair<string, string>>)good.Metadata.Annotations).Select(entry => $"{entry.Key}={entry.Value}"));
    }

    [Theory]
    [InlineData("a: 1\nb: 2\na: 3\n", 3, "key \"a\" already set in map")]
    [InlineData("a: 1\nb: {x: 1,\n  x: 2}\n", 3, "key \"x\" already set in map")]
    [InlineData("a: *none\n", 1, "unknown anchor 'none' referenced")]
    [InlineData("a: &a [1, *a]\n", 1, "anchor 'a' value contains itself")]
    [InlineData("x: 1\n<<: 3\n", 2, "map merge requires map or sequence of maps as the value")]
    [InlineData("? [a]\n: b\n", 1, "a key must be a string, a number or a bool")]
    [InlineData("a: 1\n\0\n", 2, "control characters are not allowed")]
    public void A_mistake_has_its_line_and_cause(string text, int line, string message)
    {
        var problem = ManifestFolder.ReadText(text).SingleProblem();

        Assert.Equal((ProblemCode.SyntaxError, Severity.Error, "a.yaml", line, message), (problem.Code, problem.Severity, problem.File, problem.Line, problem.Message));
    }

    [Theory]
    [InlineData("a: b: c\n")]
    [InlineData("a: [1, 2\n")]
    [InlineData("a: 'open\n")]
    [InlineData("a: 1\n b: 2\n")]
    [InlineData("%YAML 9.9\n---\na: 1\n")]
    [InlineData("}")]
    public void What_is_no_YAML_is_a_problem(string text)
    {
        var problem = ManifestFolder.ReadText(text).SingleProblem();

        Assert.Equal(ProblemCode.SyntaxError, problem.Code);
        Assert.InRange(problem.Line, 1, 3);
    }

    [Fact]
    public void A_broken_document_does_not_cost_its_neighbours_and_lines_are_those_of_the_file()
    {
        var reading = ManifestFolder.ReadText(Yaml.Documents(Yaml.ConfigMap("a"), "x: [\n", Yaml.ConfigMap("b")));

        Assert.Equal(["ConfigMap default/a", "ConfigMap default/b"], reading.Keys());
        Assert.Equal(ProblemCode.SyntaxError, reading.SingleProblem().Code);
        Assert.InRange(reading.SingleProblem().Line, 8, 10);
    }

    [Fact]
    public void Aliases_that_grow_without_measure_are_refused()
    {
        var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for (var i = 1; i < 12; i++)
        {
            bomb.Append(System.Globalization.CultureInfo.InvariantCulture, $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 9))}]\n");
        }

        Assert.Equal("document contains excessive aliasing", ManifestFolder.ReadText(bomb.ToString()).SingleProblem().Message);
    }

    [Fact]
    public void Aliases_that_nest_ever_deeper_are_refused()
    {
        var tower = new StringBuilder("a0: &a0 [x]\n");
        for (var i = 1; i < 1000; i++)
        {
            tower.Append(System.Globalization.CultureInfo.InvariantCulture, $"a{i}: &a{i} [*a{i - 1}]\n");
        }

        Assert.Equal("exceeded max depth of 256", ManifestFolder.ReadText(tower.ToString()).SingleProblem().Message);
    }

    [Theory]
    [InlineData("[", "a.yaml")]
    [InlineData("{a: ", "a.yaml")]
    [InlineData("- ", "a.yaml")]
    [InlineData("? ", "a.yaml")]
    [InlineData("[", "a.json")]
    [InlineData("{\"a\":", "a.json")]
    public void A_hundred_thousand_levels_do_not_end_the_process(string level, string name)
    {
        var problem = ManifestFolder.ReadText(string.Concat(Enumerable.Repeat(level, 100_000)), name).SingleProblem();

        Assert.Equal((ProblemCode.SyntaxError, 1), (problem.Code, problem.Line));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData("# only a comment\n")]
    [InlineData("---")]
    [InlineData("---\n")]
    [InlineData("---\n---\n...\n---\n# x\n")]
    [InlineData("null\n")]
    public void A_file_without_content_is_fine(string text)
    {
        var reading = ManifestFolder.ReadText(text);

        Assert.Empty(reading.Changes);
        Assert.Empty(reading.Problems);
    }

    [Theory]
    [InlineData("just text", "the document is not an object with apiVersion and kind")]
    [InlineData("- a\n- b\n", "the document is not an object with apiVersion and kind")]
    [InlineData("42", "the document is not an object with apiVersion and kind")]
    [InlineData("apiVersion: v1\nmetadata: {name: a}\n", "Object 'Kind' is missing")]
    [InlineData("kind: Service\n", "Object 'apiVersion' is missing")]
    [InlineData("apiVersion: v1\nkind: List\nitems: 3\n", "items of a list must be a list")]
    public void A_document_that_is_no_object_is_a_problem(string text, string message)
    {
        Assert.Equal((ProblemCode.Invalid, message), (ManifestFolder.ReadText(text).SingleProblem().Code, ManifestFolder.ReadText(text).SingleProblem().Message));
    }

    [Fact]
    public void Byte_order_marks_UTF16_and_Windows_line_ends_are_read()
    {
        using var folder = new ManifestFolder();
        folder.Write("a.yaml", [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Yaml.ConfigMap("a"))]);
        folder.Write("b.yaml", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Yaml.ConfigMap("b", "é"))]);
        folder.Write("c.yaml", [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes(Yaml.ConfigMap("c"))]);
        folder.Write("d.json", [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"d"}}""")]);
        folder.Write("e.yaml", Yaml.Documents(Yaml.ConfigMap("e"), Yaml.ConfigMap("f")).Replace("\n", "\r\n", StringComparison.Ordinal));

        var reading = folder.Read();

        Assert.Empty(reading.Problems);
        Assert.Equal("abcdef", string.Concat(reading.Changes.Select(change => change.Key.Name.Name)));
        Assert.Equal("é", ((ConfigMap)reading.Changes[1].Resource!).Data.GetValueOrDefault("key"));
        Assert.Equal(8, reading.Origins[new(ResourceKind.ConfigMap, "default", "f")].Line);
    }

    [Fact]
    public void Bytes_that_are_no_UTF8_are_a_problem_with_their_line()
    {
        using var folder = new ManifestFolder();
        folder.Write("a.yaml", [.. Encoding.UTF8.GetBytes(Yaml.ConfigMap("a") + "---\n# "), 0xC3, 0x28, .. Encoding.UTF8.GetBytes("\na: b\n---\n" + Yaml.ConfigMap("b"))]);

        var reading = folder.Read();

        Assert.Equal(["ConfigMap default/a", "ConfigMap default/b"], reading.Keys());
        Assert.Equal(("the text is not valid UTF-8", 8), (reading.SingleProblem().Message, reading.SingleProblem().Line));
    }

    [Fact]
    public void Directives_explicit_ends_and_content_behind_the_dashes_are_YAML()
    {
        var reading = ManifestFolder.ReadText(
            "%YAML 1.1\n---\n" + Yaml.ConfigMap("a") + "...\n--- {apiVersion: v1, kind: ConfigMap, metadata: {name: b}}\n--- # c\n" + Yaml.ConfigMap("c")
            + "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: d}\ndata:\n  key: |\n    ---\n    --- text\n");

        Assert.Empty(reading.Problems);
        Assert.Equal("abcd", string.Concat(reading.Changes.Select(change => change.Key.Name.Name)));
    }
}
