using IngressController.App.Cli;
using IngressController.Testing;
using IngressController.Testing.Tls;

namespace IngressController.Unit.App;

public sealed class ExplainTests
{
    [Fact]
    public async Task The_whole_decision_is_told()
    {
        var (exitCode, output, errors) = await ExplainAsync("http://a.shop.test:8080/x/y?z=1");
        Assert.Equal((0, ""), (exitCode, errors));
        Assert.Equal(
            """
            GET http://a.shop.test:8080/x/y?z=1

            host     a.shop.test
            path     /x/y

            hosts, in the order in which they are asked
                 a.shop.test  no Ingress of ours declares it
              -> *.shop.test  declared by default/shop
                 (any host)   no Ingress of ours declares it

            paths of that host, in the order of precedence
              -> Prefix  /  default/shop spec.rules[0].http.paths[0]  matches, and nothing before it does

            policies balancing RoundRobin, connect timeout 5s, idle timeout 1m
            backend  Service default/web:80, Http
                     10.0.0.1:8080
                     10.0.0.2:8080
            answer   forwarded by Ingress default/shop, spec.rules[0].http.paths[0] to Service default/web:80

            """,
            output);
    }

    [Fact]
    public async Task Trouble_behind_the_route_is_told()
    {
        var (exitCode, output, _) = await ExplainAsync("broken.test/");
        Assert.Equal(0, exitCode);
        Assert.Contains("none: ServiceNotFound: ", output, StringComparison.Ordinal);
        Assert.Contains("answer   503: Ingress default/broken, spec.rules[0].http.paths[0]: ", output, StringComparison.Ordinal);
        Assert.Contains("error ServiceNotFound: Ingress default/broken", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Host_header_goes_before_the_host_of_the_URL()
    {
        var (_, output, _) = await ExplainAsync("http://127.0.0.1/", "--header", "host: a.shop.test", "--method", "PUT");
        Assert.StartsWith("PUT http://a.shop.test/\n", output, StringComparison.Ordinal);
        Assert.Contains("-> *.shop.test", output, StringComparison.Ordinal);
        Assert.Contains("the method decides nothing", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://secure.test/x", "answer   308: redirected to https")]
    [InlineData("http://secure.test/.well-known/acme-challenge/token", "answer   forwarded by Ingress default/secure, spec.rules[0].http.paths[0] to Service default/web:80")]
    [InlineData("https://secure.test/.well-known/acme-challenge/token", "answer   503: whom to trust in client certificates cannot be read (ClientAuthoritiesInvalid)")]
    [InlineData("https://secure.test/x", "answer   503: whom to trust in client certificates cannot be read (ClientAuthoritiesInvalid)")]
    [InlineData("https://secure.test/x", "tls      certificate of Secret default/certificate (default/secure spec.tls[0]), which does not exist")]
    [InlineData("https://secure.test/x", "clients  show certificates (Required) that Secret default/authorities vouches for")]
    [InlineData("https://secure.test/x", "http     is redirected to https")]
    public async Task What_comes_before_the_route_is_told(string url, string line) => Assert.Contains($"\n{line}\n", (await ExplainAsync(url)).Output, StringComparison.Ordinal);

    [Theory]
    [InlineData("https://good.test/", "the certificate of Secret default/good")]
    [InlineData("https://both.test/", "the certificate of Secret default/good, and that of Secret default/rsa if they do not take ECDSA")]
    [InlineData("https://bad.test/", "the self-signed certificate, which the program makes")]
    [InlineData("https://nobody.test/", "the self-signed certificate, which the program makes")]
    [InlineData("https://bad.test/", "the default certificate of Secret default/rsa", "--default-tls-secret", "default/rsa")]
    public async Task The_certificate_that_clients_are_shown_is_told(string url, string shown, params string[] flags) =>
        Assert.Contains($"\ntls      clients are shown {shown}\n", (await ExplainCertificatesAsync(url, flags)).Output, StringComparison.Ordinal);

    [Fact]
    public async Task What_is_wrong_with_the_certificate_is_told_of_this_host_only()
    {
        var (_, output, _) = await ExplainCertificatesAsync("https://bad.test/");
        Assert.Contains("\n     error CertificateInvalid: Ingress default/bad spec.tls[0]: Secret default/bad has a tls.key that does not belong to its tls.crt; ", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Certificate", (await ExplainCertificatesAsync("https://good.test/")).Output, StringComparison.Ordinal);
        Assert.DoesNotContain("clients are shown", (await ExplainCertificatesAsync("http://good.test/")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://nobody.test/", "answer   404: no rule names this host")]
    [InlineData("http://a.shop.test/%zz", "answer   400: ")]
    public async Task A_request_that_nobody_takes_is_explained_too(string url, string answer) =>
        Assert.Contains(answer, (await ExplainAsync(url)).Output, StringComparison.Ordinal);

    [Theory]
    [InlineData("http://a.test", "http", "a.test", "/")]
    [InlineData("https://a.test:8443/b/../c?d=e#f", "https", "a.test:8443", "/b/../c?d=e")]
    [InlineData("HTTP://A.test?x", "http", "A.test", "/?x")]
    [InlineData("a.test/%2F", "http", "a.test", "/%2F")]
    [InlineData("http://[::1]:80/", "http", "[::1]:80", "/")]
    [InlineData("http://b\u00fccher.test/", "http", "xn--bcher-kva.test", "/")]
    public void The_target_of_a_URL_stays_as_it_is(string url, string scheme, string host, string target)
    {
        Assert.Null(RequestUrl.Read(url, out var read));
        Assert.Equal(new RequestUrl(scheme, host, target), read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("http://")]
    [InlineData("/path")]
    [InlineData("http://user@host/")]
    [InlineData("http://a b/")]
    [InlineData("ws://a/")]
    public void What_is_no_URL_is_refused(string url) => Assert.NotNull(RequestUrl.Read(url, out _));

    private static async Task<(int ExitCode, string Output, string Errors)> ExplainAsync(string url, params string[] flags)
    {
        using var directory = new TemporaryDirectory();
        directory.Write("all.yaml", string.Join("---\n", Manifests.Class, Manifests.Web, Manifests.Shop, Manifests.Broken, Manifests.Secure));
        return await Shell.RunAsync(["explain", url, "--manifests", directory.Path, .. flags]);
    }

    private static async Task<(int ExitCode, string Output, string Errors)> ExplainCertificatesAsync(string url, params string[] flags)
    {
        using var directory = new TemporaryDirectory();
        using var authority = TestAuthority.Create();
        var good = authority.Server("good.test", "both.test");
        string[] objects =
        [
            Manifests.Class, good.Secret("good"), authority.RsaServer("both.test").Secret("rsa"), authority.Server("bad.test").Secret("bad", keyPem: good.KeyPem),
            Ingress("good", "good"), Ingress("both", "rsa", "good"), Ingress("bad", "bad"),
        ];
        directory.Write("all.yaml", string.Join("\n---\n", objects));
        return await Shell.RunAsync(["explain", url, "--manifests", directory.Path, .. flags]);
    }

    private static string Ingress(string name, params string[] secrets) =>
        $$"""
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: { name: {{name}} }
        spec:
          ingressClassName: yarp
          tls: [{{string.Join(", ", secrets.Select(secret => $"{{ hosts: [{name}.test], secretName: {secret} }}"))}}]
          rules: [{ host: {{name}}.test }]
        """;
}
