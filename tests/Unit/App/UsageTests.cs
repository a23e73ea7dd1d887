using IngressController.App.Cli;
using IngressController.Testing;

namespace IngressController.Unit.App;

public sealed class UsageTests
{
    private const string NoManifests = "there is no kubeconfig /.kube/config. Give --kubeconfig FILE, or --manifests DIR to do without a cluster";

    [Fact]
    public async Task Every_error_is_reported_not_only_the_first()
    {
        var errors = await Shell.ErrorsAsync("--htp-port", "80", "--admin-port", "x", "--trusted-proxies", "a", "--trusted-proxies", "b", "--log-format", "xml", "--https-port", "0x1");
        Assert.Equal(
            [
                "unknown flag --htp-port; did you mean --http-port?",
                NoManifests,
                "--https-port: '0x1' is not a port (0 to 65535)",
                "--admin-port: 'x' is not a port (0 to 65535)",
                "--trusted-proxies: 'a' is not a network in CIDR notation (as in 10.0.0.0/8)",
                "--trusted-proxies: 'b' is not a network in CIDR notation (as in 10.0.0.0/8)",
                "--log-format: 'xml' is not console or json",
            ],
            errors);
    }

    [Fact]
    public async Task The_PROXY_protocol_is_not_taken_from_everybody()
    {
        using var manifests = new TemporaryDirectory();
        Assert.Equal(
            ["--proxy-protocol takes headers from trusted peers only; give --trusted-proxies with the load balancer's networks"],
            await Shell.ErrorsAsync("--manifests", manifests.Path, "--proxy-protocol"));
        foreach (var flags in (string[][])[["--proxy-protocol", "false"], ["--proxy-protocol", "--trusted-proxies", "10.0.0.0/8"]])
        {
            Assert.Equal(["--http-port: 'x' is not a port (0 to 65535)"], await Shell.ErrorsAsync(["--manifests", manifests.Path, "--http-port", "x", .. flags]));
        }
    }

    [Fact]
    public async Task A_flag_goes_before_its_variable()
    {
        var environment = new Dictionary<string, string> { ["INGRESS__HTTPPORT"] = "wrong", ["INGRESS__ADMINPORT"] = "wrong too" };
        Assert.Equal([NoManifests, "INGRESS__ADMINPORT: 'wrong too' is not a port (0 to 65535)"], await Shell.ErrorsAsync(environment, "--http-port", "80"));
    }

    [Fact]
    public async Task Lists_in_the_environment_have_commas_or_numbers()
    {
        var environment = new Dictionary<string, string>
        {
            ["INGRESS__TRUSTEDPROXIES"] = "10.0.0.0/8, a ,b",
            ["INGRESS__TRUSTEDPROXIES__10"] = "d",
            ["INGRESS__TRUSTEDPROXIES__2"] = "c",
            ["INGRESS__HTTPPORT__0"] = "80",
            ["INGRESS__ZONE"] = "",
        };
        var errors = await Shell.ErrorsAsync(environment, "run");
        Assert.StartsWith("INGRESS__HTTPPORT__0: there is no such setting", errors[0], StringComparison.Ordinal);
        Assert.Equal(
            ["INGRESS__TRUSTEDPROXIES: 'a'", "INGRESS__TRUSTEDPROXIES: 'b'", "INGRESS__TRUSTEDPROXIES__2: 'c'", "INGRESS__TRUSTEDPROXIES__10: 'd'"],
            errors[2..].Select(line => line[..(line.LastIndexOf('\'') + 1)]));
    }

    [Theory]
    [InlineData("unknown command 'chek'; did you mean check?", "chek")]
    [InlineData("unknown command 'frobnicate'", "frobnicate")]
    [InlineData("DIR is missing", "check")]
    [InlineData("unexpected argument 'y'", "translate", ".", "y")]
    [InlineData("unexpected argument 'x'", "version", "x")]
    [InlineData("--http-port: the value is missing", "--manifests", ".", "--http-port")]
    [InlineData("--http-port is given more than once", "--manifests", ".", "--http-port", "1", "--http-port", "2")]
    [InlineData("--http-port and --admin-port are both 81", "--manifests", ".", "--http-port", "81", "--admin-port", "81")]
    [InlineData("--http3 needs an --https-port other than 0, because TCP and UDP must have the same", "--manifests", ".", "--http3", "--https-port", "0")]
    [InlineData("--http3 and --proxy-protocol exclude each other: the PROXY protocol does not go before QUIC", "--manifests", ".", "--http3", "--proxy-protocol", "--trusted-proxies", "10.0.0.0/8")]
    [InlineData("--http-port and --https-port are both 81", "--manifests", ".", "--http-port", "81", "--https-port", "81")]
    [InlineData("--https-port and --admin-port are both 81", "--manifests", ".", "--https-port", "81", "--admin-port", "81")]
    [InlineData("--max-streams must be between 1 and 100000", "--manifests", ".", "--max-streams", "0")]
    [InlineData("--max-connections: '-1' is not a whole number", "--manifests", ".", "--max-connections", "-1")]
    [InlineData("--header-timeout must be between 00:00:00.0010000 and 1.00:00:00", "--manifests", ".", "--header-timeout", "0")]
    [InlineData("--access-log: 'ngnix' is not off, console, json, nginx or a template with $variables; did you mean nginx?", "--manifests", ".", "--access-log", "ngnix")]
    [InlineData("--access-log: '$statis' has the variable $statis, which there is not; did you mean $status? (docs/access-log.md lists all)", "--manifests", ".", "--access-log", "$statis")]
    [InlineData("--access-log-sample: '10%' is not a ratio (0 to 1, as in 0.1)", "--manifests", ".", "--access-log-sample", "10%")]
    [InlineData("--access-log-sample: '1.1' is not a ratio (0 to 1, as in 0.1)", "--manifests", ".", "--access-log-sample", "1.1")]
    [InlineData("--access-log-skip-path: 'healthz' is not a path (as in /healthz)", "--manifests", ".", "--access-log-skip-path", "healthz")]
    [InlineData("--access-log-status: '6xx' is not a status or a class of them (404, 5xx)", "--manifests", ".", "--access-log-status", "6xx")]
    [InlineData("--tcp-services-configmap: 'tcp' is not NAMESPACE/NAME", "--manifests", ".", "--tcp-services-configmap", "tcp")]
    [InlineData("DIR: '/does/not/exist' does not exist", "check", "/does/not/exist")]
    [InlineData("DIR and --kubeconfig exclude each other", "check", ".", "--kubeconfig", "x")]
    [InlineData("there is no kubeconfig /does/not/exist. Give --kubeconfig FILE, or --manifests DIR to do without a cluster", "check", "--kubeconfig", "/does/not/exist")]
    [InlineData("--kubeconfig is about a cluster, and --manifests reads none; give one of them", "--manifests", ".", "--kubeconfig", "x")]
    [InlineData("--watch-namespace is about a cluster, and --manifests reads none; give one of them", "--manifests", ".", "--watch-namespace", "x")]
    [InlineData("--state-dir is about other objects than those of a running controller; give it or --admin", "check", "--admin", "a", "--state-dir", ".")]
    [InlineData("--state-dir: '/does/not/exist' does not exist", "check", ".", "--state-dir", "/does/not/exist")]
    [InlineData("--state-dir: '/does/not/exist' does not exist", "translate", ".", "--state-dir", "/does/not/exist")]
    [InlineData("--state-dir is about other objects than those of a running controller; give it or --admin", "explain", "http://a/", "--admin", "a", "--state-dir", ".")]
    [InlineData("--admin: 'ftp://a' is not an address, as in 127.0.0.1:9090", "explain", "http://a/", "--admin", "ftp://a")]
    [InlineData("--admin: 'http://a/api' is not an address, as in 127.0.0.1:9090", "top", "--admin", "http://a/api")]
    [InlineData("--manifests is about other objects than those of a running controller; give it or --admin", "explain", "http://a/", "--admin", "a", "--manifests", ".")]
    [InlineData("--zone is about other objects than those of a running controller; give it or --admin", "explain", "http://a/", "--admin", "a", "--zone", "b")]
    [InlineData("which controller? give --admin ADDR", "top")]
    [InlineData("--by: 'path' is not host, ingress or service", "top", "--admin", "a", "--by", "path")]
    [InlineData("--interval: '1ms' is shorter than 500ms", "top", "--admin", "a", "--interval", "1ms")]
    [InlineData("which manifests, which cluster, or which controller? give --manifests DIR, --kubeconfig FILE or --admin ADDR", "explain", "http://a/")]
    [InlineData("--manifests and --kubeconfig exclude each other", "explain", "http://a/", "--manifests", ".", "--kubeconfig", "x")]
    [InlineData("URL: 'ftp://a/' is not an http or https URL", "explain", "ftp://a/", "--manifests", ".")]
    [InlineData("--header: 'x' is not a header, as in 'Accept: text/html'", "explain", "a", "--manifests", ".", "--header", "x")]
    public async Task Errors_of_use_are_one_clear_line(string expected, params string[] args) => Assert.Equal([expected], await Shell.ErrorsAsync(args));

    [Fact]
    public async Task A_file_is_no_directory()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("a.yaml", "");
        Assert.Equal([$"--manifests: '{directory.File("a.yaml")}' is a file, not a directory"], await Shell.ErrorsAsync("--manifests", directory.File("a.yaml")));
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("run", "--help")]
    [InlineData("check", "-h")]
    public async Task Help_is_no_error(params string[] args)
    {
        var (exitCode, output, errors) = await Shell.RunAsync(args);
        Assert.Equal((0, ""), (exitCode, errors));
        Assert.Contains("Usage:", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_names_the_variable_of_every_flag()
    {
        var (_, output, _) = await Shell.RunAsync("run", "--help");
        Assert.All(Flags.OfRun, flag => Assert.Contains($"[{flag.Variable}]", output, StringComparison.Ordinal));
    }
}
