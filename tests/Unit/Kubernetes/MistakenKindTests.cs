using IngressController.Cluster;

namespace IngressController.Unit.Kubernetes;

public sealed class MistakenKindTests
{
    [Theory]
    [InlineData("networking.k8s.io/v1", "Ingres")]
    [InlineData("networking.k8s.io/v1", "ingress")]
    [InlineData("networking.k8s.io/v1", "Ingresss")]
    [InlineData("networking.k8s.io/v2", "Ingress")]
    [InlineData("discovery.k8s.io/v1", "EndpointsSlice")]
    [InlineData("v1", "Servise")]
    public void A_kind_that_is_nearly_one_of_ours_is_a_mistake(string apiVersion, string kind)
    {
        var problem = ManifestFolder.ReadText($"apiVersion: {apiVersion}\nkind: {kind}\nmetadata: {{ name: a }}\n").SingleProblem();
        Assert.Equal((ProblemCode.Invalid, Severity.Error), (problem.Code, problem.Severity));
        Assert.Equal($"no matches for kind \"{kind}\" in version \"{apiVersion}\"", problem.Message);
    }

    [Theory]
    [InlineData("networking.k8s.io/v1", "NetworkPolicy")]
    [InlineData("v1", "ServiceAccount")]
    [InlineData("v1", "Pod")]
    [InlineData("example.com/v1", "Ingres")]
    public void Other_kinds_are_passed_over(string apiVersion, string kind) =>
        Assert.Empty(ManifestFolder.ReadText($"apiVersion: {apiVersion}\nkind: {kind}\nmetadata: {{ name: a }}\n").Problems);

    [Fact]
    public void A_template_is_recognised() =>
        Assert.Contains("helm template", ManifestFolder.ReadText("kind: {{ .Values.kind }}\n  a: [").SingleProblem().Cure, StringComparison.Ordinal);

    [Theory]
    [InlineData("a.test:80", "without port")]
    [InlineData("https://a.test", "without scheme")]
    [InlineData("m\u00fcnchen.de", "xn--")]
    [InlineData("'*'", "Leave the host out")]
    [InlineData("A.test", "lower case")]
    public void A_host_that_is_refused_comes_with_a_cure(string host, string cure)
    {
        var text =
            $$"""
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: { name: a }
            spec:
              rules:
                - host: {{host}}
            """;
        Assert.Contains(cure, ManifestFolder.ReadText(text).SingleProblem().Cure, StringComparison.Ordinal);
    }
}
