using IngressController.Cluster;

namespace IngressController.Unit.Kubernetes;

/// <summary>What the API server refuses of Ingress and IngressClass, in its words.</summary>
public sealed class IngressRulesTests
{
    private const string Subdomain = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
    private const string Wildcard = "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', regex used for validation is '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
    private const string Backend = "backend: {service: {name: web, port: {number: 80}}}";

    private static void Refuses(string manifest, string field, params string[] messages)
    {
        var reading = ManifestFolder.ReadText(manifest);

        Assert.Empty(reading.Changes);
        Assert.All(reading.Problems, problem => Assert.Equal((ProblemCode.Invalid, Severity.Error, field), (problem.Code, problem.Severity, problem.Field)));
        Assert.Equal(messages.Order(StringComparer.Ordinal), reading.Problems.Select(problem => problem.Message).Order(StringComparer.Ordinal));
    }

    private static void RefusesPath(string path, string field, params string[] messages) => Refuses(
        Yaml.IngressWithSpec($"  rules: [{{http: {{paths: [{path}]}}}}]"),
        "spec.rules[0].http.paths[0]" + field,
        messages);

    [Fact]
    public void The_recorded_answer_of_an_API_server_is_given_word_for_word()
    {
        var reading = ManifestFolder.ReadText(
            """{"apiVersion":"networking.k8s.io/v1","kind":"Ingress","metadata":{"name":"bad"},"spec":{"rules":[{"host":"Bad_Host:80","http":{"paths":[{"path":"nope","backend":{"service":{"name":"web","port":{"number":0}}}}]}}]}}""",
            "a.json");

        Assert.Equal(
            [
                $"spec.rules[0].host: Invalid value: \"Bad_Host:80\": {Subdomain}",
                "spec.rules[0].http.paths[0].pathType: Required value: pathType must be specified",
            ],
            reading.Problems.Select(problem => $"{problem.Field}: {problem.Message}"));
        Assert.All(reading.Problems, problem => Assert.Equal(new ResourceKey(ResourceKind.Ingress, "default", "bad"), problem.Object));
    }

    [Fact]
    public void A_problem_has_the_line_of_its_field_or_of_what_is_nearest()
    {
        var reading = ManifestFolder.ReadText("# first\n" + Yaml.Ingress(host: "a:1").Replace("        pathType: Prefix\n", "", StringComparison.Ordinal));

        Assert.Equal(
            [("a.yaml", 8, "spec.rules[0].host"), ("a.yaml", 11, "spec.rules[0].http.paths[0].pathType")],
            reading.Problems.Select(problem => (problem.File, problem.Line, problem.Field)));
    }

    [Theory]
    [InlineData("{pathType: Regex, path: /, " + Backend + "}", ".pathType", "Unsupported value: \"Regex\": supported values: \"Exact\", \"ImplementationSpecific\", \"Prefix\"")]
    [InlineData("{pathType: Prefix, path: nope, " + Backend + "}", ".path", "Invalid value: \"nope\": must be an absolute path")]
    [InlineData("{pathType: Exact, " + Backend + "}", ".path", "Invalid value: \"\": must be an absolute path")]
    [InlineData("{pathType: Exact, path: /a//b, " + Backend + "}", ".path", "Invalid value: \"/a//b\": must not contain '//'")]
    [InlineData("{pathType: Prefix, path: /a/./b, " + Backend + "}", ".path", "Invalid value: \"/a/./b\": must not contain '/./'")]
    [InlineData("{pathType: Prefix, path: /a/../b, " + Backend + "}", ".path", "Invalid value: \"/a/../b\": must not contain '/../'")]
    [InlineData("{pathType: Prefix, path: /a%2fb, " + Backend + "}", ".path", "Invalid value: \"/a%2fb\": must not contain '%2f'")]
    [InlineData("{pathType: Prefix, path: /a%2Fb, " + Backend + "}", ".path", "Invalid value: \"/a%2Fb\": must not contain '%2F'")]
    [InlineData("{pathType: Exact, path: /a/.., " + Backend + "}", ".path", "Invalid value: \"/a/..\": cannot end with '/..'")]
    [InlineData("{pathType: Exact, path: /a/., " + Backend + "}", ".path", "Invalid value: \"/a/.\": cannot end with '/.'")]
    [InlineData("{pathType: ImplementationSpecific, path: a.*, " + Backend + "}", ".path", "Invalid value: \"a.*\": must be an absolute path")]
    [InlineData("{pathType: Prefix, path: /}", ".backend", "Invalid value: \"\": resource or service backend is required")]
    [InlineData("{pathType: Prefix, path: /, backend: {resource: {kind: K, name: b}, service: {name: web}}}", ".backend", "Invalid value: \"\": cannot set both resource and service backends")]
    [InlineData("{pathType: Prefix, path: /, backend: {service: {name: web}}}", ".backend", "Required value: port name or number is required")]
    [InlineData("{pathType: Prefix, path: /, backend: {service: {name: web, port: {name: http, number: 80}}}}", ".backend", "Invalid value: \"\": cannot set both port name & port number")]
    [InlineData("{pathType: Prefix, path: /, backend: {service: {port: {number: 80}}}}", ".backend.service.name", "Required value")]
    [InlineData("{pathType: Prefix, path: /, backend: {service: {name: 1web, port: {number: 80}}}}", ".backend.service.name", "Invalid value: \"1web\": a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')")]
    [InlineData("{pathType: Prefix, path: /, backend: {service: {name: web, port: {number: 65536}}}}", ".backend.service.port.number", "Invalid value: 65536: must be between 1 and 65535, inclusive")]
    [InlineData("{pathType: Prefix, path: /, backend: {service: {name: web, port: {name: UP}}}}", ".backend.service.port.name", "Invalid value: \"UP\": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)", "Invalid value: \"UP\": must contain at least one letter (a-z)")]
    [InlineData("{pathType: Prefix, path: /, backend: {service: {name: web, port: {name: -a--b-}}}}", ".backend.service.port.name", "Invalid value: \"-a--b-\": must not contain consecutive hyphens", "Invalid value: \"-a--b-\": must not begin or end with a hyphen")]
    [InlineData("{pathType: Prefix, path: /, backend: {service: {name: web, port: {name: abcdefghijklmnop}}}}", ".backend.service.port.name", "Invalid value: \"abcdefghijklmnop\": must be no more than 15 bytes")]
    [InlineData("{pathType: Prefix, path: /, backend: {resource: {name: b}}}", ".backend.resource.kind", "Required value")]
    [InlineData("{pathType: Prefix, path: /, backend: {resource: {kind: K, name: a/b}}}", ".backend.resource.name", "Invalid value: \"a/b\": may not contain '/'")]
    public void A_path_that_the_API_server_refuses_is_a_problem_in_its_words(string path, string field, params string[] messages) => RefusesPath(path, field, messages);

    [Theory]
    [InlineData("/a(.*)$ *")]
    [InlineData("/a//b/../c%2F")]
    [InlineData("")]
    public void Anything_goes_in_an_ImplementationSpecific_path_that_is_empty_or_absolute(string path)
    {
        var reading = ManifestFolder.ReadText(Yaml.IngressWithSpec($"  rules: [{{http: {{paths: [{{pathType: ImplementationSpecific, path: '{path}', {Backend}}}]}}}}]"));

        Assert.Empty(reading.Problems);
        Assert.Single(reading.Changes);
    }

    [Theory]
    [InlineData("UPPER.example.com", Subdomain)]
    [InlineData("a.example.com:80", Subdomain)]
    [InlineData("a.example.com.", Subdomain)]
    [InlineData("a..b", Subdomain)]
    [InlineData("*", Wildcard)]
    [InlineData("*.*.example.com", Wildcard)]
    [InlineData("a.*.example.com", Wildcard)]
    [InlineData("*a.example.com", Wildcard)]
    [InlineData("10.0.0.1", "must be a DNS name, not an IP address")]
    [InlineData("::1", "must be a DNS name, not an IP address", Subdomain)]
    public void A_host_that_the_API_server_refuses_is_a_problem_in_rules_and_tls(string host, params string[] details)
    {
        var messages = details.Select(detail => $"Invalid value: \"{host}\": {detail}").ToArray();

        Refuses(Yaml.IngressWithSpec($"  rules: [{{host: '{host}'}}]"), "spec.rules[0].host", messages);
        if (!details[0].Contains("IP address", StringComparison.Ordinal))
        {
            Refuses(Yaml.IngressWithSpec($"  rules: [{{host: a.b}}]\n  tls: [{{hosts: ['{host}']}}]"), "spec.tls[0].hosts[0]", messages);
        }
    }

    [Fact]
    public void A_host_of_254_characters_is_too_long()
    {
        var host = string.Join('.', Enumerable.Repeat("a", 127)) + "a";

        Refuses(Yaml.IngressWithSpec($"  rules: [{{host: {host}}}]"), "spec.rules[0].host", $"Invalid value: \"{host}\": must be no more than 253 bytes");
    }

    [Theory]
    [InlineData("  ingressClassName: yarp", "spec", "Invalid value: []networking.IngressRule(nil): either `defaultBackend` or `rules` must be specified")]
    [InlineData("  rules: []", "spec", "Invalid value: []networking.IngressRule{}: either `defaultBackend` or `rules` must be specified")]
    [InlineData("  rules: [{http: {}}]", "spec.rules[0].http.paths", "Required value")]
    [InlineData("  rules: [{http: {paths: []}}]", "spec.rules[0].http.paths", "Required value")]
    [InlineData("  defaultBackend: {}", "spec.defaultBackend", "Invalid value: \"\": resource or service backend is required")]
    [InlineData("  rules: [{host: a}]\n  ingressClassName: a/b", "spec.ingressClassName", "Invalid value: \"a/b\": " + Subdomain)]
    [InlineData("  rules: [{host: a}]\n  tls: [{secretName: A}]", "spec.tls[0].secretName", "Invalid value: \"A\": " + Subdomain)]
    public void A_spec_that_the_API_server_refuses_is_a_problem_in_its_words(string spec, string field, string message) =>
        Refuses(Yaml.IngressWithSpec(spec), field, message);

    [Fact]
    public void The_class_annotation_may_stand_beside_the_field_only_if_they_agree()
    {
        var manifest = Yaml.IngressWithSpec("  rules: [{host: a}]\n  ingressClassName: yarp").Replace("  name: web", "  name: web\n  annotations: {kubernetes.io/ingress.class: NAME}", StringComparison.Ordinal);

        Refuses(
            manifest.Replace("NAME", "nginx", StringComparison.Ordinal),
            "annotations.kubernetes.io/ingress.class",
            "Invalid value: \"nginx\": must match `ingressClassName` when both are specified");
        Assert.Empty(ManifestFolder.ReadText(manifest.Replace("NAME", "yarp", StringComparison.Ordinal)).Problems);
    }

    [Theory]
    [InlineData("{}", "spec.controller", "Required value")]
    [InlineData("{controller: nginx}", "spec.controller", "Invalid value: \"nginx\": must be a domain-prefixed path (such as \"acme.io/foo\")")]
    [InlineData("{controller: /x}", "spec.controller", "Invalid value: \"/x\": must be a domain-prefixed path (such as \"acme.io/foo\")")]
    [InlineData("{controller: A.io/x}", "spec.controller", "Invalid value: \"A.io\": " + Subdomain)]
    [InlineData("{controller: a.io/x y}", "spec.controller", "Invalid value: \"x y\": Invalid path (regex used for validation is '[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+')")]
    [InlineData("{controller: a.io/x, parameters: {name: b}}", "spec.parameters.kind", "Required value")]
    [InlineData("{controller: a.io/x, parameters: {kind: K, name: b, scope: All}}", "spec.parameters.scope", "Unsupported value: \"All\": supported values: \"Cluster\", \"Namespace\"")]
    [InlineData("{controller: a.io/x, parameters: {kind: K, name: b, scope: Namespace}}", "spec.parameters.namespace", "Required value: `parameters.scope` is set to 'Namespace'")]
    [InlineData("{controller: a.io/x, parameters: {kind: K, name: b, scope: Cluster, namespace: x}}", "spec.parameters.namespace", "Forbidden: `parameters.scope` is set to 'Cluster'")]
    public void An_IngressClass_that_the_API_server_refuses_is_a_problem_in_its_words(string spec, string field, string message) =>
        Refuses($"apiVersion: networking.k8s.io/v1\nkind: IngressClass\nmetadata: {{name: a}}\nspec: {spec}\n", field, message);

    [Fact]
    public void A_controller_name_of_251_bytes_is_too_long() => Refuses(
        $"apiVersion: networking.k8s.io/v1\nkind: IngressClass\nmetadata: {{name: a}}\nspec: {{controller: a.io/{new string('x', 246)}}}\n",
        "spec.controller",
        "Too long: may not be more than 250 bytes");
}
