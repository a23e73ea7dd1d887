using IngressController.Cluster;

namespace IngressController.Unit.Kubernetes;

/// <summary>Values of the wrong type and misspelt fields, in the words of the API server's decoder.</summary>
public sealed class DecodingTests
{
    [Theory]
    [InlineData("metadata: {name: a, annotations: {x: true}}", "metadata.annotations[x]", "json: cannot unmarshal bool into Go struct field ObjectMeta.metadata.annotations of type string", "Quote the value")]
    [InlineData("metadata: {name: a, annotations: {x: 5}}", "metadata.annotations[x]", "json: cannot unmarshal number into Go struct field ObjectMeta.metadata.annotations of type string", "Quote the value")]
    [InlineData("metadata: {name: a, annotations: []}", "metadata.annotations", "json: cannot unmarshal array into Go struct field ObjectMeta.metadata.annotations of type map[string]string", "Write a mapping")]
    [InlineData("metadata: {name: a}\nspec: 3", "spec", "json: cannot unmarshal number into Go struct field Ingress.spec of type v1.IngressSpec", "Write a mapping")]
    [InlineData("metadata: {name: a}\nspec: {rules: {host: a}}", "spec.rules", "json: cannot unmarshal object into Go struct field IngressSpec.spec.rules of type []v1.IngressRule", "Write a list")]
    [InlineData("metadata: {name: a}\nspec: {rules: [{http: {paths: [{pathType: 1}]}}]}", "spec.rules[0].http.paths[0].pathType", "json: cannot unmarshal number into Go struct field HTTPIngressPath.spec.rules.http.paths.pathType of type v1.PathType", "Quote the value")]
    [InlineData("metadata: {name: a}\nspec: {defaultBackend: {service: {name: a, port: {number: '80'}}}}", "spec.defaultBackend.service.port.number", "json: cannot unmarshal string into Go struct field ServiceBackendPort.spec.defaultBackend.service.port.number of type int32", "Write the value without quotes")]
    public void A_value_of_the_wrong_type_is_a_problem_in_the_API_servers_words_with_a_cure(string rest, string field, string message, string cure)
    {
        var problem = ManifestFolder.ReadText($"apiVersion: networking.k8s.io/v1\nkind: Ingress\n{rest}\n").SingleProblem();

        Assert.Equal((ProblemCode.Invalid, Severity.Error, field, message, cure), (problem.Code, problem.Severity, problem.Field, problem.Message, problem.Cure));
    }

    [Fact]
    public void A_wrong_type_of_an_IntOrString_is_a_problem_in_the_API_servers_words()
    {
        var problem = ManifestFolder.ReadText("apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: [{port: 80, targetPort: true}]}\n").SingleProblem();

        Assert.Equal(("spec.ports[0].targetPort", "json: cannot unmarshal bool into Go value of type int32"), (problem.Field, problem.Message));
    }

    [Fact]
    public void A_misspelt_field_is_a_warning_and_the_Ingress_is_still_served()
    {
        var reading = ManifestFolder.ReadText(Yaml.Ingress() + "        pathtype: Exact\n".Replace("        ", "  ", StringComparison.Ordinal));

        var problem = reading.SingleProblem();
        Assert.Equal((ProblemCode.Invalid, Severity.Warning, "spec.pathtype", "unknown field \"spec.pathtype\""), (problem.Code, problem.Severity, problem.Field, problem.Message));
        Assert.Equal("The fields here are defaultBackend, ingressClassName, rules, tls", problem.Cure);
        Assert.Equal(17, problem.Line);
        Assert.Equal(["Ingress default/web"], reading.Keys());
    }

    [Fact]
    public void A_misspelt_field_deep_in_an_Ingress_is_named_with_its_place()
    {
        var reading = ManifestFolder.ReadText(Yaml.Ingress().Replace("pathType: Prefix", "pathType: Prefix\n        pathtype: Exact", StringComparison.Ordinal));

        Assert.Equal("unknown field \"spec.rules[0].http.paths[0].pathtype\"", reading.SingleProblem().Message);
    }
}
