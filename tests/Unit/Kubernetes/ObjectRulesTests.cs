using IngressController.Cluster;

namespace IngressController.Unit.Kubernetes;

/// <summary>What the API server refuses of metadata, Services, EndpointSlices, Secrets and ConfigMaps, in its words.</summary>
public sealed class ObjectRulesTests
{
    private const string Label = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

    private const string NamePart = "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

    private static void Refuses(string manifest, string field, params string[] messages)
    {
        var reading = ManifestFolder.ReadText(manifest);

        Assert.Empty(reading.Changes);
        Assert.Equal(
            messages.Select(message => $"{field}: {message}").Order(StringComparer.Ordinal),
            reading.Problems.Select(problem => $"{problem.Field}: {problem.Message}").Order(StringComparer.Ordinal));
        Assert.All(reading.Problems, problem => Assert.Equal((ProblemCode.Invalid, Severity.Error), (problem.Code, problem.Severity)));
    }

    [Theory]
    [InlineData("{name: a, namespace: A}", "metadata.namespace", "Invalid value: \"A\": " + Label)]
    [InlineData("{name: a, namespace: a.b}", "metadata.namespace", "Invalid value: \"a.b\": must not contain dots")]
    [InlineData("{name: a, labels: {x: '-'}}", "metadata.labels", "Invalid value: \"-\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')")]
    [InlineData("{name: a, labels: {/x: b}}", "metadata.labels", "Invalid value: \"/x\": prefix part must be non-empty")]
    [InlineData("{name: a, annotations: {'x ': b}}", "metadata.annotations", "Invalid value: \"x \": " + NamePart)]
    [InlineData("{name: a, annotations: {a.io/: b}}", "metadata.annotations", "Invalid value: \"a.io/\": name part must be non-empty", "Invalid value: \"a.io/\": " + NamePart)]
    [InlineData("{name: a, creationTimestamp: yesterday}", "metadata.creationTimestamp", "parsing time \"yesterday\" as \"2006-01-02T15:04:05Z07:00\": cannot parse")]
    public void Metadata_that_the_API_server_refuses_is_a_problem_in_its_words(string metadata, string field, params string[] messages) =>
        Refuses($"apiVersion: v1\nkind: ConfigMap\nmetadata: {metadata}\n", field, messages);

    [Fact]
    public void An_annotation_key_may_have_capitals_in_its_prefix() =>
        Assert.Empty(ManifestFolder.ReadText("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, annotations: {Example.COM/Key: x}}\n").Problems);

    [Fact]
    public void Annotations_of_more_than_256_KiB_are_refused() => Refuses(
        $"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a, annotations: {{a: {new string('x', 262_144)}}}}}\n",
        "metadata.annotations",
        "Too long: may not be more than 262144 bytes");

    [Theory]
    [InlineData("kind: ConfigMap\nmetadata: {}")]
    [InlineData("kind: ConfigMap")]
    [InlineData("kind: ConfigMap\nmetadata: {generateName: a-}")]
    public void An_object_without_a_name_is_refused(string rest)
    {
        var problem = ManifestFolder.ReadText($"apiVersion: v1\n{rest}\n").SingleProblem();

        Assert.Equal("ConfigMap metadata.name: Required value: name or generateName is required", problem.Message);
    }

    [Theory]
    [InlineData("apiVersion: v1\nkind: Ingress\nmetadata: {name: a}\n", "no matches for kind \"Ingress\" in version \"v1\"")]
    [InlineData("apiVersion: networking.k8s.io/v2\nkind: Ingress\nmetadata: {name: a}\n", "no matches for kind \"Ingress\" in version \"networking.k8s.io/v2\"")]
    public void One_of_our_kinds_in_a_version_that_has_it_not_is_a_problem(string manifest, string message)
    {
        var problem = ManifestFolder.ReadText(manifest).SingleProblem();

        Assert.Equal((new ResourceKey(ResourceKind.Ingress, "default", "a"), message), (problem.Object, problem.Message));
    }

    [Theory]
    [InlineData("{}", "spec.ports", "Required value")]
    [InlineData("{ports: [{port: 0}]}", "spec.ports[0].port", "Invalid value: 0: must be between 1 and 65535, inclusive")]
    [InlineData("{ports: [{port: 80, name: a}, {port: 81}]}", "spec.ports[1].name", "Required value")]
    [InlineData("{ports: [{port: 80, name: a}, {port: 81, name: a}]}", "spec.ports[1].name", "Duplicate value: \"a\"")]
    [InlineData("{ports: [{port: 80, name: A}]}", "spec.ports[0].name", "Invalid value: \"A\": " + Label)]
    [InlineData("{ports: [{port: 80, name: a}, {port: 80, name: b}]}", "spec.ports[1]", "Duplicate value: core.ServicePort{Name:\"\", Protocol:\"TCP\", AppProtocol:(*string)(nil), Port:80, TargetPort:intstr.IntOrString{Type:0, IntVal:0, StrVal:\"\"}, NodePort:0}")]
    [InlineData("{ports: [{port: 80, protocol: HTTP}]}", "spec.ports[0].protocol", "Unsupported value: \"HTTP\": supported values: \"SCTP\", \"TCP\", \"UDP\"")]
    [InlineData("{ports: [{port: 80, targetPort: 70000}]}", "spec.ports[0].targetPort", "Invalid value: 70000: must be between 1 and 65535, inclusive")]
    [InlineData("{ports: [{port: 80, appProtocol: a/b/}]}", "spec.ports[0].appProtocol", "Invalid value: \"a/b/\": a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')")]
    [InlineData("{type: Headless, ports: [{port: 80}]}", "spec.type", "Unsupported value: \"Headless\": supported values: \"ClusterIP\", \"ExternalName\", \"LoadBalancer\", \"NodePort\"")]
    [InlineData("{type: LoadBalancer, clusterIP: None, ports: [{port: 80}]}", "spec.clusterIPs[0]", "Invalid value: \"None\": may not be set to 'None' for LoadBalancer services")]
    [InlineData("{type: ExternalName}", "spec.externalName", "Required value")]
    [InlineData("{ports: [{port: 80}], sessionAffinity: Cookie}", "spec.sessionAffinity", "Unsupported value: \"Cookie\": supported values: \"ClientIP\", \"None\"")]
    [InlineData("{ports: [{port: 80}], sessionAffinity: ClientIP, sessionAffinityConfig: {clientIP: {timeoutSeconds: 86401}}}", "spec.sessionAffinityConfig.clientIP.timeoutSeconds", "Invalid value: 86401: must be greater than 0 and less than 86400")]
    [InlineData("{ports: [{port: 80}], ipFamilies: [IPv5]}", "spec.ipFamilies[0]", "Unsupported value: \"IPv5\": supported values: \"IPv4\", \"IPv6\"")]
    public void A_Service_that_the_API_server_refuses_is_a_problem_in_its_words(string spec, string field, string message) =>
        Refuses($"apiVersion: v1\nkind: Service\nmetadata: {{name: a}}\nspec: {spec}\n", field, message);

    [Theory]
    [InlineData("{clusterIP: None}")]
    [InlineData("{type: ExternalName, externalName: a.example.com.}")]
    [InlineData("{ports: [{port: 53, name: a}, {port: 53, name: b, protocol: UDP}]}")]
    public void Services_that_the_API_server_takes_are_taken(string spec) =>
        Assert.Empty(ManifestFolder.ReadText($"apiVersion: v1\nkind: Service\nmetadata: {{name: a}}\nspec: {spec}\n").Problems);

    [Theory]
    [InlineData("{}", "addressType", "Required value")]
    [InlineData("{addressType: IP}", "addressType", "Unsupported value: \"IP\": supported values: \"FQDN\", \"IPv4\", \"IPv6\"")]
    [InlineData("{addressType: IPv4, endpoints: [{}]}", "endpoints[0].addresses", "Required value: must contain at least 1 address")]
    [InlineData("{addressType: IPv4, endpoints: [{addresses: ['::1']}]}", "endpoints[0].addresses[0]", "Invalid value: \"::1\": must be a valid IPv4 address")]
    [InlineData("{addressType: IPv4, endpoints: [{addresses: [localhost]}]}", "endpoints[0].addresses[0]", "Invalid value: \"localhost\": must be a valid IPv4 address")]
    [InlineData("{addressType: IPv4, endpoints: [{addresses: ['0x7f.1']}]}", "endpoints[0].addresses[0]", "Invalid value: \"0x7f.1\": must be a valid IPv4 address")]
    [InlineData("{addressType: IPv4, endpoints: [{addresses: ['010.0.0.1']}]}", "endpoints[0].addresses[0]", "Invalid value: \"010.0.0.1\": must be a valid IPv4 address")]
    [InlineData("{addressType: IPv4, endpoints: [{addresses: ['0.0.0.0']}]}", "endpoints[0].addresses[0]", "Invalid value: \"0.0.0.0\": may not be unspecified (0.0.0.0)")]
    [InlineData("{addressType: IPv4, endpoints: [{addresses: ['224.0.0.1']}]}", "endpoints[0].addresses[0]", "Invalid value: \"224.0.0.1\": may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)")]
    [InlineData("{addressType: IPv6, endpoints: [{addresses: ['10.0.0.1']}]}", "endpoints[0].addresses[0]", "Invalid value: \"10.0.0.1\": must be a valid IPv6 address")]
    [InlineData("{addressType: IPv6, endpoints: [{addresses: ['fe80::1%eth0']}]}", "endpoints[0].addresses[0]", "Invalid value: \"fe80::1%eth0\": must be a valid IPv6 address")]
    [InlineData("{addressType: IPv4, ports: [{name: A}]}", "ports[0].name", "Invalid value: \"A\": " + Label)]
    [InlineData("{addressType: IPv4, ports: [{port: 1}, {port: 2}]}", "ports[1].name", "Duplicate value: \"\"")]
    [InlineData("{addressType: IPv4, ports: [{protocol: X}]}", "ports[0].protocol", "Unsupported value: \"X\": supported values: \"SCTP\", \"TCP\", \"UDP\"")]
    public void An_EndpointSlice_that_the_API_server_refuses_is_a_problem_in_its_words(string rest, string field, string message)
    {
        var fields = rest == "{}" ? "" : ", " + rest[1..^1];

        Refuses($"{{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {{name: a}}{fields}}}\n", field, message);
    }

    [Theory]
    [InlineData("IPv4", "127.0.0.1")]
    [InlineData("IPv4", "169.254.1.1")]
    [InlineData("IPv6", "::1")]
    [InlineData("IPv6", "fe80::1")]
    [InlineData("FQDN", "a.example.com")]
    public void A_directory_may_name_backends_on_the_same_machine(string type, string address) =>
        Assert.Empty(ManifestFolder.ReadText($"{{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {{name: a}}, addressType: {type}, endpoints: [{{addresses: ['{address}']}}]}}\n").Problems);

    [Theory]
    [InlineData("YQ", 0)]
    [InlineData("YQ=", 3)]
    [InlineData("YQ=x", 2)]
    [InlineData("YQ==x", 4)]
    [InlineData("Y", 0)]
    [InlineData("=", 0)]
    [InlineData("ab!d", 2)]
    [InlineData("YWJj YWJj", 4)]
    [InlineData("-----BEGIN", 0)]
    public void Bad_base64_says_where_it_stops_as_Go_does(string text, int offset)
    {
        var problem = ManifestFolder.ReadText($"apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\ndata:\n  x: \"{text}\"\n").SingleProblem();

        Assert.Equal(($"illegal base64 data at input byte {offset}", "data[x]", 5), (problem.Message, problem.Field, problem.Line));
        Assert.Equal("Encode the value as base64, or write it under stringData", problem.Cure);
    }

    [Fact]
    public void A_TLS_Secret_needs_certificate_and_key_from_data_or_stringData()
    {
        Refuses("apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ntype: kubernetes.io/tls\ndata: {tls.crt: YQ==}\n", "data[tls.key]", "Required value");
        Assert.Empty(ManifestFolder.ReadText("apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ntype: kubernetes.io/tls\ndata: {tls.crt: YQ==}\nstringData: {tls.key: x}\n").Problems);
    }

    [Theory]
    [InlineData("a b", "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')")]
    [InlineData("..", "must not be '..'")]
    [InlineData("..x", "must not start with '..'")]
    public void A_key_that_could_not_be_a_file_is_refused(string key, string detail) =>
        Refuses($"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\ndata: {{'{key}': x}}\n", $"data[{key}]", $"Invalid value: \"{key}\": {detail}");

    [Fact]
    public void A_ConfigMap_or_Secret_of_more_than_1_MiB_is_refused()
    {
        var text = new string('x', 1024 * 1024 + 1);

        Refuses($"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\ndata: {{a: {text}}}\n", "data", "Too long: may not be more than 1048576 bytes");
        Refuses($"apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\nstringData: {{a: {text}}}\n", "data", "Too long: may not be more than 1048576 bytes");
    }
}
