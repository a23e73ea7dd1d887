using System.Text;
using IngressController.Cluster;

namespace IngressController.Unit.Kubernetes;

public sealed class SizeTests
{
    private const int Limit = 4 * 1024 * 1024;

    [Fact]
    public void A_document_over_4_MiB_is_a_problem_and_its_neighbours_are_served()
    {
        var large = "apiVersion: v1\nkind: Other\nmetadata:\n  name: \"" + new string('x', Limit) + "\"\n";

        var reading = ManifestFolder.ReadText(Yaml.Documents(Yaml.ConfigMap("a"), large, Yaml.ConfigMap("b")));

        Assert.Equal(["ConfigMap default/a", "ConfigMap default/b"], reading.Keys());
        var problem = reading.SingleProblem();
        Assert.Equal((ProblemCode.DocumentTooLarge, "a.yaml", 7), (problem.Code, problem.File, problem.Line));
    }

    [Fact]
    public void A_document_of_exactly_4_MiB_is_read_and_one_byte_more_is_not()
    {
        var document = Yaml.ConfigMap("a");
        var filler = "#" + new string('x', Limit - document.Length - 2) + "\n";

        Assert.Equal(["ConfigMap default/a"], ManifestFolder.ReadText(document + filler).Keys());
        Assert.Equal(ProblemCode.DocumentTooLarge, ManifestFolder.ReadText(document + "#" + filler).SingleProblem().Code);
    }

    /// <summary>Each would be looked up among all the others.</summary>
    [Fact]
    public async Task Of_60_000_mistakes_in_one_object_the_first_are_told_and_the_rest_counted()
    {
        var fields = string.Join('\n', Enumerable.Range(0, 60_000).Select(index => $"  f{index}: 1"));
        var text = "apiVersion: networking.k8s.io/v1\nkind: IngressClass\nmetadata:\n  name: a\nspec:\n  controller: example.com/a\n" + fields;

        var reading = await Task.Run(() => ManifestFolder.ReadText(text)).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(["IngressClass a"], reading.Keys());
        Assert.Equal(51, reading.Problems.Count);
        Assert.Contains(reading.Problems, problem => problem.Message == "59950 more mistakes in this object");
    }

    [Fact]
    public void A_JSON_file_over_4_MiB_is_a_problem()
    {
        using var folder = new ManifestFolder();
        folder.Write("a.json", "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"a\"}}" + new string(' ', Limit));
        folder.Write("b.yaml", Yaml.ConfigMap("b"));

        var reading = folder.Read();

        Assert.Equal(["ConfigMap default/b"], reading.Keys());
        Assert.Equal((ProblemCode.DocumentTooLarge, "a.json"), (reading.SingleProblem().Code, reading.SingleProblem().File));
    }

    [Fact]
    public void A_file_of_10_MB_with_small_documents_is_read()
    {
        var text = new StringBuilder();
        var count = 0;
        while (text.Length < 10_000_000)
        {
            text.Append(Yaml.ConfigMap($"c{count++}", new string('v', 100_000))).Append("---\n");
        }

        Assert.Equal(count, ManifestFolder.ReadText(text.ToString()).Changes.Count);
    }

    [Fact]
    public void A_hundred_thousand_documents_are_read()
    {
        var text = string.Concat(Enumerable.Repeat("kind: Other\napiVersion: v9\n---\n", 99_999)) + Yaml.ConfigMap("last");

        var reading = ManifestFolder.ReadText(text);

        Assert.Equal(["ConfigMap default/last"], reading.Keys());
        Assert.Empty(reading.Problems);
    }

    [Theory]
    [InlineData("[a,")]
    [InlineData("'")]
    [InlineData("&a ")]
    [InlineData("!t ")]
    [InlineData("a: ")]
    [InlineData("\t")]
    [InlineData("*a ")]
    [InlineData("- \n")]
    [InlineData("a,")]
    [InlineData("{}")]
    [InlineData("9")]
    [InlineData("\\")]
    [InlineData("%")]
    [InlineData("|")]
    public void Megabytes_of_the_same_few_characters_are_read_in_seconds(string part)
    {
        using var folder = new ManifestFolder();
        folder.Write("bad.yaml", "x: " + string.Concat(Enumerable.Repeat(part, 1_000_000 / part.Length)));
        folder.Write("good.yaml", Yaml.ConfigMap("good"));

        var started = TimeProvider.System.GetTimestamp();
        var reading = folder.Read();

        Assert.Equal(["ConfigMap default/good"], reading.Keys());
        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }
}
