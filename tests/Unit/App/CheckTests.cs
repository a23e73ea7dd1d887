using IngressController.Testing;
using IngressController.Testing.Tls;

namespace IngressController.Unit.App;

public sealed class CheckTests
{
    [Fact]
    public async Task Good_manifests_have_no_problems()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("all.yaml", string.Join("---\n", Manifests.Class, Manifests.Web, Manifests.Shop));
        Assert.Equal(
            (0, "problems: none; objects: 1 Ingress, 1 IngressClass, 1 Service, 1 EndpointSlice\n", ""),
            await Shell.RunAsync("check", directory.Path));
    }

    [Fact]
    public async Task An_error_is_a_line_with_file_and_line_and_exit_code_1()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("class.yaml", Manifests.Class);
        directory.Write("sub/broken.yaml", Manifests.Broken);
        directory.Write("junk.yaml", "kind: Ingress\na: [");
        var (exitCode, output, errors) = await Shell.RunAsync("check", directory.Path);
        Assert.Equal((1, ""), (exitCode, errors));
        var lines = output.TrimEnd().Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.Single(lines, line => System.Text.RegularExpressions.Regex.IsMatch(line, @"^junk\.yaml:\d+: error SyntaxError: "));
        Assert.Single(lines, line => line.StartsWith("sub/broken.yaml:9: error ServiceNotFound: Ingress default/broken ", StringComparison.Ordinal));
        Assert.Equal("problems: 2 errors, 0 warnings; objects: 1 Ingress, 1 IngressClass", lines[2]);
    }

    [Fact]
    public async Task A_warning_is_no_failure()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("all.yaml", string.Join("---\n", Manifests.Class, Manifests.Web, Manifests.Shop.Replace("{ name: shop }", "{ name: shop, annotations: { yarp.ingress.kubernetes.io/no-such-thing: x } }", StringComparison.Ordinal)));
        var (exitCode, output, _) = await Shell.RunAsync("check", directory.Path);
        Assert.Contains("warning AnnotationUnknown", output, StringComparison.Ordinal);
        Assert.Equal(0, exitCode);
    }

    [Fact]
    public async Task Flags_of_the_controller_count()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("all.yaml", string.Join("---\n", Manifests.Class, Manifests.Broken));
        Assert.Equal(1, (await Shell.RunAsync("check", directory.Path)).ExitCode);
        Assert.Equal(0, (await Shell.RunAsync("check", directory.Path, "--controller-name", "example.com/another")).ExitCode);
    }

    [Theory]
    [InlineData("the only Ingress is not ours: it has the class nginx of the controller k8s.io/ingress-nginx; --controller-name k8s.io/ingress-nginx would make it ours", "{ ingressClassName: nginx }")]
    [InlineData("the only Ingress is not ours: it has no class, and there is no default class of ours; --watch-ingress-without-class would make it ours", "{}")]
    [InlineData(
        "none of the 4 Ingresses is ours: 2 have the class nginx of the controller k8s.io/ingress-nginx (--controller-name k8s.io/ingress-nginx would take them); 1 has no class, and there is no default class of ours (--watch-ingress-without-class would take it); 1 has the class lost, which does not exist",
        "{ ingressClassName: nginx }", "{}", "{ ingressClassName: lost }", "{ ingressClassName: nginx }")]
    [InlineData(null, "{ ingressClassName: nginx }", "{ ingressClassName: yarp }")]
    [InlineData(null)]
    public async Task Where_no_Ingress_is_ours_the_last_line_says_whose_they_are_and_what_would_take_them(string? expected, params string[] specs)
    {
        using var directory = new TemporaryDirectory();
        directory.Write("class.yaml", $"{Manifests.Class}---\n{Manifests.Class.Replace("name: yarp", "name: nginx", StringComparison.Ordinal).Replace("yarp.ingress.kubernetes.io/controller", "k8s.io/ingress-nginx", StringComparison.Ordinal)}");
        foreach (var (index, spec) in specs.Index())
        {
            var rules = spec.Replace("{", "{ defaultBackend: { service: { name: web, port: { number: 80 } } }, ", StringComparison.Ordinal);
            directory.Write($"{index}.yaml", $"apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {{ name: web-{index} }}\nspec: {rules}\n");
        }

        var lines = (await Shell.RunAsync("check", directory.Path)).Output.TrimEnd().Split('\n');
        Assert.Equal(expected ?? lines.Single(line => line.StartsWith("problems: ", StringComparison.Ordinal)), lines[^1]);
    }

    [Fact]
    public async Task What_the_controller_keeps_is_there_for_those_who_ask_for_it()
    {
        using var directory = new TemporaryDirectory();
        using var authority = TestAuthority.Create();
        directory.Write("manifests/all.yaml", string.Join("---\n", Manifests.Class, Manifests.Web, Manifests.Shop.Replace("  rules:", "  tls: [{ hosts: [a.shop.test], secretName: kept }]\n  rules:", StringComparison.Ordinal)));
        directory.Write("state/default/kept.yaml", authority.Server("a.shop.test").Secret("kept"));
        string[] check = ["check", directory.File("manifests")];
        Assert.Contains("Secret default/kept", (await Shell.RunAsync(check)).Output, StringComparison.Ordinal);

        var (exitCode, output, _) = await Shell.RunAsync([.. check, "--state-dir", directory.File("state")]);
        Assert.Equal((0, "problems: none; objects: 1 Ingress, 1 IngressClass, 1 Service, 1 EndpointSlice, 1 Secret\n"), (exitCode, output));
        Assert.Contains("does not exist", (await Shell.RunAsync("explain", "https://a.shop.test/", "--manifests", directory.File("manifests"))).Output, StringComparison.Ordinal);
        Assert.DoesNotContain("does not exist", (await Shell.RunAsync("explain", "https://a.shop.test/", "--manifests", directory.File("manifests"), "--state-dir", directory.File("state"))).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_problem_of_what_the_controller_keeps_is_found_by_its_whole_path_and_line()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("manifests/all.yaml", Manifests.Class);
        directory.Write("state/default/shop.yaml", "# the first line\n" + Manifests.Broken);
        var (exitCode, output, _) = await Shell.RunAsync("check", directory.File("manifests"), "--state-dir", directory.File("state"));
        Assert.Equal(1, exitCode);
        Assert.StartsWith($"{directory.File("state/default/shop.yaml")}:10: error ServiceNotFound: ", output, StringComparison.Ordinal);
    }

    /// <summary>Asks for a wildcard without dns-01, for an internal name, and for a good host; what the annotations say is known.</summary>
    private const string Asking =
        """
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: asking
          annotations: { kubernetes.io/tls-acme: "true", yarp.ingress.kubernetes.io/acme-issuer: default, yarp.ingress.kubernetes.io/acme-take-over: "true" }
        spec:
          ingressClassName: yarp
          tls: [{ hosts: ["*.shop.example.com"], secretName: kept }, { hosts: [a.shop.test], secretName: inside }, { hosts: [www.example.com], secretName: kept-too }]
          rules:
            - host: "*.shop.example.com"
            - host: a.shop.test
            - host: www.example.com
        """;

    [Fact]
    public async Task What_would_not_be_ordered_is_said_where_certificates_are_obtained()
    {
        using var directory = new TemporaryDirectory();
        using var authority = TestAuthority.Create();
        directory.Write("all.yaml", string.Join("---\n", Manifests.Class, Asking + "\n"));
        directory.Write("kept.yaml", string.Join("\n---\n", authority.Server("*.shop.example.com").Secret("kept"), authority.Server("a.shop.test").Secret("inside"), authority.Server("www.example.com").Secret("kept-too")));
        Assert.Equal((0, "problems: none; objects: 1 Ingress, 1 IngressClass, 3 Secrets\n", ""), await Shell.RunAsync("check", directory.Path));

        var (exitCode, output, errors) = await Shell.RunAsync("check", directory.Path, "--acme-email", "ops@example.com");
        Assert.Equal((1, ""), (exitCode, errors));
        var lines = output.TrimEnd().Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.Matches(@"^all\.yaml:\d+: error AcmeRefused: Ingress default/asking spec\.tls\[0\]: no certificate is ordered for Secret default/kept: \*\.shop\.example\.com is a wildcard", lines[0]);
        Assert.Matches(@"^all\.yaml:\d+: error AcmeRefused: Ingress default/asking spec\.tls\[1\]: no certificate is ordered for Secret default/inside: a\.shop\.test is an internal name", lines[1]);

        Assert.Equal(0, (await Shell.RunAsync("check", directory.Path, "--acme-email", "ops@example.com", "--acme-allow-internal-names", "--acme-challenge", "dns-01", "--acme-dns-webhook", "http://hook.dns/")).ExitCode);
    }

    [Fact]
    public async Task Flags_of_ACME_are_checked_themselves()
    {
        using var directory = new TemporaryDirectory();
        Assert.Equal(["--acme-allowed-domain says nothing without --acme-email or --acme-directory"], await Shell.ErrorsAsync("check", directory.Path, "--acme-allowed-domain", "example.com"));
        Assert.Equal(["--pod-namespace is about a cluster; give --kubeconfig or --context"], await Shell.ErrorsAsync("check", directory.Path, "--pod-namespace", "ingress"));
    }
}
