using IngressController.Testing;

namespace IngressController.Unit.App;

/// <summary>Why a host answers 404, although somebody has written an Ingress for it.</summary>
public sealed class ExplainUnservedTests
{
    private const string Unserved =
        """
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: { name: refused }
        spec: { rules: [{ host: refused.test, http: { paths: [{ path: /, backend: { service: { name: web, port: { number: 80 } } } }] } }] }
        ---
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: { name: url }
        spec:
          rules:
            - host: http://url.test/
        ---
        # there is no such version
        apiVersion: networking.k8s.io/v2
        kind: Ingress
        metadata: { name: old }
        spec: { rules: [{ host: old.test }] }
        ---
        # the first counts
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: { name: lost }
        spec: { ingressClassName: none, rules: [{ host: lost.test }] }
        ---
        # a copy, and its name was forgotten
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: { name: lost }
        spec: { ingressClassName: none, rules: [{ host: copy.test }] }
        """;

    [Theory]
    [InlineData("http://refused.test/", "Ingress default/refused could answer and is not served: Invalid: spec.rules[0].http.paths[0].pathType: Required value: pathType must be specified", "all.yaml:4: error Invalid: Ingress default/refused ")]
    [InlineData("http://url.test/", "Ingress default/url could answer and is not served: Invalid: spec.rules[0].host: Invalid value: \"http://url.test/\": ", "all.yaml:11: error Invalid: Ingress default/url ")]
    [InlineData("http://old.test/", "Ingress default/old could answer and is not served: Invalid: no matches for kind \"Ingress\" in version \"networking.k8s.io/v2\"", "all.yaml:14: error Invalid: Ingress default/old")]
    [InlineData("http://copy.test/", "Ingress default/lost could answer and is not served: DuplicateObject: Ingress default/lost already stands in all.yaml:20, which is served. Remove one of the two", "all.yaml:26: error DuplicateObject: Ingress default/lost")]
    [InlineData("http://lost.test/", "Ingress default/lost could answer and is not served: it has the class none, which does not exist", "warning IngressClassNotFound: Ingress default/lost spec.ingressClassName: there is no IngressClass none")]
    public async Task What_keeps_an_Ingress_from_answering_is_told_in_the_answer_and_with_its_cure(string url, string answer, string problem)
    {
        var output = await ExplainUnservedAsync(url);
        Assert.Contains($"\nanswer   404: no rule names this host, there is no rule without a host, and there is no default backend; {answer}", output, StringComparison.Ordinal);
        Assert.Contains($"\n     {problem}", output, StringComparison.Ordinal);
        Assert.Single(output.Split('\n'), line => line.StartsWith("     ", StringComparison.Ordinal) && line.Contains(": Ingress default/", StringComparison.Ordinal)); // nothing of others, and nothing twice
    }

    [Fact]
    public async Task A_host_that_nobody_names_may_stand_in_what_cannot_be_read()
    {
        Assert.Contains("\nproblems that concern this host\n     broken.yaml:2: error SyntaxError: ", await ExplainUnservedAsync("http://nobody.test/", "a: ["), StringComparison.Ordinal);
        Assert.DoesNotContain("problems", await ExplainUnservedAsync("http://nobody.test/"), StringComparison.Ordinal);
    }

    private static async Task<string> ExplainUnservedAsync(string url, string? unreadable = null)
    {
        using var directory = new TemporaryDirectory();
        directory.Write("all.yaml", Unserved);
        if (unreadable is not null)
        {
            directory.Write("broken.yaml", unreadable);
        }

        return (await Shell.RunAsync("explain", url, "--manifests", directory.Path)).Output;
    }
}
