using System.Text.Json.Nodes;

namespace IngressController.Unit.ApiServer;

/// <summary>Fields that the server does not know, and values of the wrong type.</summary>
public sealed class DecodingTests
{
    private const string Merge = "application/merge-patch+json";
    private const string Odd = """{"metadata":{"name":"web","odd":1},"spec":{"defaultBackend":{"service":{"name":"web","port":{"number":80,"nummer":81}}}}}""";
    private const string Unknown = "unknown field \"metadata.odd\", unknown field \"spec.defaultBackend.service.port.nummer\"";

    [Theory]
    [InlineData("")]
    [InlineData("?fieldValidation=Warn")]
    public async Task Unknown_fields_are_forgotten_with_a_warning(string query)
    {
        await using var api = await Api.StartAsync();
        using var answer = await api.SendAsync("POST", Api.InDefault + query, Odd);
        Assert.Equal(201, (int)answer.StatusCode);
        Assert.Equal(
            ["299 - \"unknown field \\\"metadata.odd\\\"\"", "299 - \"unknown field \\\"spec.defaultBackend.service.port.nummer\\\"\""],
            answer.Headers.GetValues("Warning"));
        Assert.Equal("{\"number\":80}", api.Server.Find("Ingress", "default", "web")!["spec"]!["defaultBackend"]!["service"]!["port"]!.ToJsonString());
    }

    [Fact]
    public async Task Unknown_fields_are_forgotten_in_silence_where_they_are_to_be_ignored()
    {
        await using var api = await Api.StartAsync();
        using var answer = await api.SendAsync("POST", $"{Api.InDefault}?fieldValidation=Ignore", Odd);
        Assert.Equal(201, (int)answer.StatusCode);
        Assert.False(answer.Headers.Contains("Warning"));
    }

    [Fact]
    public async Task Unknown_fields_are_refused_where_validation_is_strict()
    {
        await using var api = await Api.StartAsync();
        var answer = await api.AskAsync("POST", $"{Api.InDefault}?fieldValidation=Strict", Odd);
        Assert.Equal((400, $"Ingress in version \"v1\" cannot be handled as a Ingress: strict decoding error: {Unknown}"), ((int)answer["code"]!, (string?)answer["message"]));
        await api.AskAsync("POST", Api.InDefault, Api.Ingress("web"));
        answer = await api.AskAsync("PATCH", $"{Api.InDefault}/web/status?fieldValidation=Strict", """{"status":{"loadBalancer":{"ingress":[{"ips":"192.0.2.1"}]}}}""", Merge);
        Assert.Equal(422, (int)answer["code"]!);
        Assert.EndsWith("strict decoding error: unknown field \"status.loadBalancer.ingress[0].ips\"", (string?)answer["message"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("leaseDurationSeconds\":\"15\"", "json: cannot unmarshal string into Go struct field LeaseSpec.spec.leaseDurationSeconds of type int32")]
    [InlineData("holderIdentity\":true", "json: cannot unmarshal bool into Go struct field LeaseSpec.spec.holderIdentity of type string")]
    [InlineData("holderIdentity\":{}", "json: cannot unmarshal object into Go struct field LeaseSpec.spec.holderIdentity of type string")]
    public async Task A_value_of_another_type_is_refused(string field, string message)
    {
        await using var api = await Api.StartAsync();
        var answer = await api.AskAsync("POST", "/apis/coordination.k8s.io/v1/namespaces/default/leases", $$$"""{"metadata":{"name":"lock"},"spec":{"{{{field}}} } }""");
        Assert.Equal((400, $"Lease in version \"v1\" cannot be handled as a Lease: {message}"), ((int)answer["code"]!, (string?)answer["message"]));
    }

    [Fact]
    public async Task Formats_that_are_none_are_refused_with_those_that_are()
    {
        await using var api = await Api.StartAsync();
        JsonNode answer = await api.AskAsync("POST", Api.InDefault, Odd, "text/plain");
        Assert.Equal(
            (415, "the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf"),
            ((int)answer["code"]!, (string?)answer["message"]));
    }
}
