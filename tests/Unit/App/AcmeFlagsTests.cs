using System.Text.RegularExpressions;
using IngressController.App;
using IngressController.App.Cli;
using IngressController.Certificates.Acme;
using IngressController.Testing;

namespace IngressController.Unit.App;

/// <summary>The flags about certificates that are obtained, in directory mode.</summary>
public sealed class AcmeFlagsTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public AcmeFlagsTests() => directory.Write("manifests/empty.yaml", "");

    public void Dispose() => directory.Dispose();

    [Fact]
    public void Nothing_is_obtained_unless_somebody_asks()
    {
        Assert.Null(Read().Acme);
        Assert.Null(Read("--state-dir", directory.File("state")).Acme); // what was obtained earlier is still served
    }

    [Fact]
    public void An_email_address_is_enough()
    {
        var acme = Acme("--acme-email", "ops@example.com");

        Assert.Equal(new Issuer("default", new("https://acme-v02.api.letsencrypt.org/directory")) { Email = "ops@example.com" }, Assert.Single(acme.Issuers));
        Assert.Equal((new("ingress-controller", "ingress-controller-acme"), "yarp/ingress-controller/ingress-controller"), (acme.State, acme.Owner));
        Assert.Equal(([], false), (acme.AllowedDomains, acme.AllowsInternalNames));
    }

    [Theory]
    [InlineData("letsencrypt", "https://acme-v02.api.letsencrypt.org/directory")]
    [InlineData("letsencrypt-staging", "https://acme-staging-v02.api.letsencrypt.org/directory")]
    [InlineData("https://ca.example:14000/dir?a=b", "https://ca.example:14000/dir?a=b")]
    public void A_directory_is_enough_and_has_a_name_where_everybody_knows_it(string given, string meant)
    {
        var issuer = Assert.Single(Acme("--acme-directory", given).Issuers);
        Assert.Equal((new(meant), null), (issuer.Directory, issuer.Email));
    }

    [Fact]
    public void Everything_that_can_be_asked_for_arrives()
    {
        directory.Write("ca.pem", SelfSigned.Certificate.ExportCertificatePem());
        directory.Write("eab", "AQID_-8\n");
        directory.Write("tsig", " AQID/+8=\n");

        var acme = Acme(
            "--acme-directory", "https://ca.example/dir", "--acme-email", "ops@example.com", "--acme-ca-bundle", directory.File("ca.pem"),
            "--acme-eab-key-id", "kid-1", "--acme-eab-key-file", directory.File("eab"), "--acme-key-type", "rsa-4096", "--acme-profile", "shortlived",
            "--acme-preferred-chain", "ISRG Root X1", "--acme-challenge", "dns-01", "--acme-challenge", "http-01", "--acme-challenge", "dns-01",
            "--acme-dns-server", "[::1]:5353", "--acme-dns-tsig-name", "Key.Example.", "--acme-dns-tsig-algorithm", "hmac-sha512", "--acme-dns-tsig-secret-file", directory.File("tsig"),
            "--acme-allowed-domain", "example.com", "--acme-allowed-domain", "example.org", "--acme-allow-internal-names", "--acme-state-secret", "kept");

        var expected = new Issuer("default", new("https://ca.example/dir"))
        {
            Email = "ops@example.com",
            CaBundle = File.ReadAllText(directory.File("ca.pem")),
            ExternalAccount = new("kid-1", [1, 2, 3, 255, 239]),
            KeyType = CertificateKeyType.Rsa4096,
            Profile = "shortlived",
            PreferredChain = "ISRG Root X1",
            Challenges = [ChallengeKind.Dns01, ChallengeKind.Http01],
            Dns = new() { Server = new("::1", 5353, new("key.example", "hmac-sha512", [1, 2, 3, 255, 239])) },
        };
        Assert.Equal(expected, Assert.Single(acme.Issuers));
        Assert.Equal(["example.com", "example.org"], acme.AllowedDomains);
        Assert.True(acme.AllowsInternalNames);
        Assert.Equal(new("ingress-controller", "kept"), acme.State);
    }

    [Fact]
    public void Further_issuers_have_settings_of_their_own_and_nothing_of_the_first()
    {
        directory.Write("hook", "");

        var acme = Acme(
            "--acme-email", "ops@example.com", "--acme-profile", "shortlived",
            "--acme-issuer", $"name=wild, directory=https://ca.example/dir, challenge=dns-01, dns-exec={directory.File("hook")}, key-type=ecdsa-p384",
            "--acme-issuer", "directory=letsencrypt-staging,name=staging,challenge=tls-alpn-01,challenge=http-01");

        Assert.Equal(
            [
                new("wild", new("https://ca.example/dir")) { Challenges = [ChallengeKind.Dns01], Dns = new() { Program = directory.File("hook") }, KeyType = CertificateKeyType.EcdsaP384 },
                new("staging", new("https://acme-staging-v02.api.letsencrypt.org/directory")) { Challenges = [ChallengeKind.TlsAlpn01, ChallengeKind.Http01] },
            ],
            acme.Issuers.Skip(1));
    }

    [Theory]
    [InlineData("ns.example", "ns.example", 53)]
    [InlineData("192.0.2.1:5300", "192.0.2.1", 5300)]
    [InlineData("[2001:db8::1]", "2001:db8::1", 53)]
    public void Where_DNS_is_set_up_it_is_the_last_way_that_is_tried(string given, string host, int port)
    {
        var issuer = Assert.Single(Acme("--acme-email", "ops@example.com", "--acme-dns-server", given).Issuers);

        Assert.Equal([ChallengeKind.Http01, ChallengeKind.TlsAlpn01, ChallengeKind.Dns01], issuer.Challenges);
        Assert.Equal(new DnsServer(host, port, null), issuer.Dns?.Server);
    }

    [Fact]
    public void Installations_that_serve_other_Ingresses_keep_states_of_their_own()
    {
        var others = Acme("--acme-email", "ops@example.com", "--ingress-class", "other");
        Assert.NotEqual((Acme("--acme-email", "ops@example.com").State, "yarp/ingress-controller/ingress-controller"), (others.State, others.Owner));
    }

    [Fact]
    public void The_state_is_always_read_and_the_directory_made_for_us_alone()
    {
        var options = Read("--acme-email", "ops@example.com", "--state-dir", directory.File("new/state"));

        Assert.Contains(options.Acme!.State, options.Reading.Secrets);
        Assert.Equal(directory.File("new/state"), options.StateDirectory);
        Assert.True(OperatingSystem.IsWindows() || new DirectoryInfo(directory.File("new/state")).UnixFileMode == (UnixFileMode)0b111_000_000);
    }

    [Fact]
    public void In_a_cluster_the_state_stands_beside_the_Lease()
    {
        directory.Write("config", """
            apiVersion: v1
            kind: Config
            current-context: c
            clusters: [{name: c, cluster: {server: "http://127.0.0.1:1"}}]
            contexts: [{name: c, context: {cluster: c, user: u, namespace: edge}}]
            users: [{name: u, user: {token: t}}]
            """);

        var options = Options("--kubeconfig", directory.File("config"), "--acme-email", "ops@example.com", "--watch-namespace", "shop");

        var lease = options.Writing!.Lease.Lease;
        Assert.Equal((new("edge", $"{lease.Name}-acme"), options.Writing.Publish.Manager), (options.Acme!.State, options.Acme.Owner));
        Assert.Contains(options.Acme.State, options.Reading.Secrets);
    }

    [Fact]
    public void Every_flag_has_its_place_in_the_documentation()
    {
        var rows = File.ReadLines(Repository.Path("docs/certificates.md")).Where(line => line.StartsWith("| `--", StringComparison.Ordinal)).Select(line => line.Split('|')[1]);
        var documented = rows.SelectMany(names => names.Split(", ").Where(name => name.Contains("--", StringComparison.Ordinal)).Select(name => name.Trim(' ', '`')));
        Assert.Equal(Flags.OfAcme.Select(flag => flag.Name).Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_documented_authorities_are_understood()
    {
        directory.Write("ca.pem", SelfSigned.Certificate.ExportCertificatePem());
        var documented = Regex.Matches(File.ReadAllText(Repository.Path("docs/certificates.md")), "--acme-issuer '([^']+)'").Select(match => match.Groups[1].Value.Replace("/etc/ca.pem", directory.File("ca.pem"), StringComparison.Ordinal));
        Assert.Equal(["default", "staging", "inside"], Acme(["--acme-email", "ops@example.com", .. documented.SelectMany(issuer => new[] { "--acme-issuer", issuer })]).Issuers.Select(issuer => issuer.Name));
    }

    [Theory]
    [InlineData("--acme-directory: 'http://ca.example/' is not an https URL, letsencrypt or letsencrypt-staging", "--acme-directory", "http://ca.example/")]
    [InlineData("--acme-directory: 'lets-encrypt' is not an https URL, letsencrypt or letsencrypt-staging", "--acme-directory", "lets-encrypt")]
    [InlineData("--acme-directory: 'https://a:b@ca.example/' is not an https URL, letsencrypt or letsencrypt-staging", "--acme-directory", "https://a:b@ca.example/")]
    [InlineData("--acme-email: 'ops' is not an e-mail address", "--acme-email", "ops")]
    [InlineData("--acme-email: 'Ops <ops@example.com>' is not an e-mail address", "--acme-email", "Ops <ops@example.com>")]
    [InlineData("--acme-email: 'a@example.com,b@example.com' is not an e-mail address", "--acme-email", "a@example.com,b@example.com")]
    [InlineData("--acme-email: 'a?b@example.com' is not an e-mail address", "--acme-email", "a?b@example.com")]
    [InlineData("--acme-profile says nothing without --acme-email or --acme-directory", "--acme-profile", "x")]
    [InlineData("--acme-issuer says nothing without --acme-email or --acme-directory", "--acme-issuer", "name=a")]
    [InlineData("--acme-key-type: 'rsa' is not ecdsa-p256, ecdsa-p384, rsa-2048 or rsa-4096", "--acme-email", "a@b.c", "--acme-key-type", "rsa")]
    [InlineData("--acme-challenge: 'http' is not http-01, tls-alpn-01 or dns-01", "--acme-email", "a@b.c", "--acme-challenge", "http")]
    [InlineData("--acme-challenge: dns-01 needs one of --acme-dns-server, --acme-dns-exec, --acme-dns-webhook", "--acme-email", "a@b.c", "--acme-challenge", "dns-01")]
    [InlineData("--acme-dns-server says nothing without dns-01 among --acme-challenge", "--acme-email", "a@b.c", "--acme-challenge", "http-01", "--acme-dns-server", "ns.example")]
    [InlineData("--acme-dns-server: 'ns.example:x' is not HOST or HOST:PORT", "--acme-email", "a@b.c", "--acme-dns-server", "ns.example:x")]
    [InlineData("--acme-dns-server: 'ns.example:0' is not HOST or HOST:PORT", "--acme-email", "a@b.c", "--acme-dns-server", "ns.example:0")]
    [InlineData("--acme-dns-server: 'ns.example/' is not HOST or HOST:PORT", "--acme-email", "a@b.c", "--acme-dns-server", "ns.example/")]
    [InlineData("--acme-dns-server and --acme-dns-webhook exclude each other", "--acme-email", "a@b.c", "--acme-dns-server", "ns.example", "--acme-dns-webhook", "http://hook/")]
    [InlineData("--acme-dns-webhook: 'ftp://hook/' is not a URL of http or https without a user", "--acme-email", "a@b.c", "--acme-dns-webhook", "ftp://hook/")]
    [InlineData("--acme-dns-exec: '/does/not/exist' does not exist", "--acme-email", "a@b.c", "--acme-dns-exec", "/does/not/exist")]
    [InlineData("--acme-dns-tsig-algorithm: 'hmac-md5' is not hmac-sha256 or hmac-sha512", "--acme-email", "a@b.c", "--acme-dns-server", "ns", "--acme-dns-tsig-name", "k", "--acme-dns-tsig-secret-file", "BASE64", "--acme-dns-tsig-algorithm", "hmac-md5")]
    [InlineData("--acme-dns-tsig-algorithm says nothing without --acme-dns-tsig-name", "--acme-email", "a@b.c", "--acme-dns-server", "ns", "--acme-dns-tsig-algorithm", "hmac-sha512")]
    [InlineData("--acme-dns-tsig-name and --acme-dns-tsig-secret-file belong together; give both", "--acme-email", "a@b.c", "--acme-dns-server", "ns", "--acme-dns-tsig-name", "k")]
    [InlineData("--acme-dns-tsig-name: 'a b' is not a domain name", "--acme-email", "a@b.c", "--acme-dns-server", "ns", "--acme-dns-tsig-name", "a b", "--acme-dns-tsig-secret-file", "BASE64")]
    [InlineData("--acme-eab-key-id and --acme-eab-key-file belong together; give both", "--acme-email", "a@b.c", "--acme-eab-key-id", "k")]
    [InlineData("--acme-eab-key-file: '/does/not/exist' cannot be read", "--acme-email", "a@b.c", "--acme-eab-key-id", "k", "--acme-eab-key-file", "/does/not/exist")]
    [InlineData("--acme-eab-key-file: '/dev/null' is empty", "--acme-email", "a@b.c", "--acme-eab-key-id", "k", "--acme-eab-key-file", "/dev/null")]
    [InlineData("--acme-ca-bundle: '/dev/null' has no certificate in it", "--acme-email", "a@b.c", "--acme-ca-bundle", "/dev/null")]
    [InlineData("--acme-state-secret: 'A' is not a name of lower-case letters, digits, '-' and '.'", "--acme-email", "a@b.c", "--acme-state-secret", "A")]
    [InlineData("--acme-allowed-domain: '*.example.com' is not a name of lower-case letters, digits, '-' and '.'", "--acme-email", "a@b.c", "--acme-allowed-domain", "*.example.com")]
    [InlineData("--acme-issuer: 'wild' is not 'name=NAME,SETTING=VALUE,...' with a name of lower-case letters, digits, '-' and '.'", "--acme-email", "a@b.c", "--acme-issuer", "wild")]
    [InlineData("--acme-issuer: 'directory=letsencrypt' is not 'name=NAME,SETTING=VALUE,...' with a name of lower-case letters, digits, '-' and '.'", "--acme-email", "a@b.c", "--acme-issuer", "directory=letsencrypt")]
    [InlineData("--acme-issuer: 'name=A' is not 'name=NAME,SETTING=VALUE,...' with a name of lower-case letters, digits, '-' and '.'", "--acme-email", "a@b.c", "--acme-issuer", "name=A")]
    [InlineData("--acme-issuer wild: there is no setting drectory; did you mean directory?", "--acme-email", "a@b.c", "--acme-issuer", "name=wild,drectory=letsencrypt")]
    [InlineData("--acme-issuer wild: email is given more than once", "--acme-email", "a@b.c", "--acme-issuer", "name=wild,email=a@b.c,email=b@b.c")]
    [InlineData("--acme-issuer wild: key-type: 'x' is not ecdsa-p256, ecdsa-p384, rsa-2048 or rsa-4096", "--acme-email", "a@b.c", "--acme-issuer", "name=wild,key-type=x")]
    [InlineData("--acme-issuer wild: dns-server and --acme-issuer wild: dns-webhook exclude each other", "--acme-email", "a@b.c", "--acme-issuer", "name=wild,dns-server=ns,dns-webhook=http://hook/")]
    [InlineData("--acme-issuer: there are two issuers 'default'; so the one of --acme-directory is called", "--acme-email", "a@b.c", "--acme-issuer", "name=default")]
    [InlineData("--acme-issuer: there are two issuers 'wild'", "--acme-email", "a@b.c", "--acme-issuer", "name=wild", "--acme-issuer", "name=wild")]
    public async Task A_wrong_value_is_one_clear_line(string expected, params string[] args)
    {
        directory.Write("base64", "AQID");
        args = [.. args.Select(arg => arg == "BASE64" ? directory.File("base64") : arg)];
        Assert.Equal([expected], await Shell.ErrorsAsync(["--manifests", directory.File("manifests"), "--state-dir", directory.File("state"), .. args]));
    }

    [Fact]
    public async Task What_a_file_holds_is_not_said_when_it_is_wrong()
    {
        directory.Write("secret", "hunter2!");
        Assert.Equal(
            [
                $"--acme-ca-bundle: '{directory.File("secret")}' has no certificate in it",
                $"--acme-eab-key-file: '{directory.File("secret")}' has something in it that is no base64url",
            ],
            (await Shell.ErrorsAsync(
                "--manifests", directory.File("manifests"), "--state-dir", directory.File("state"), "--acme-email", "a@b.c", "--acme-ca-bundle", directory.File("secret"),
                "--acme-eab-key-id", "k", "--acme-eab-key-file", directory.File("secret"))).Order());
    }

    [Fact]
    public async Task What_is_obtained_must_be_kept_in_a_directory_of_its_own()
    {
        var manifests = directory.File("manifests");
        Assert.Equal(["certificates that are obtained must be kept; give --state-dir DIR beside --manifests"], await Shell.ErrorsAsync("--manifests", manifests, "--acme-email", "a@b.c"));
        foreach (var inside in new[] { manifests, $"{manifests}/", $"{manifests}/state", $"{manifests}/../manifests/state" })
        {
            Assert.Equal(["--state-dir is inside --manifests, where it would be read twice; give another directory"], await Shell.ErrorsAsync("--manifests", manifests, "--state-dir", inside));
        }

        Assert.Equal(["--state-dir: '/dev/null/state' cannot be made"], (await Shell.ErrorsAsync("--manifests", manifests, "--state-dir", "/dev/null/state")).Select(line => line[..line.LastIndexOf(':')]));
        Assert.NotNull(Read("--state-dir", $"{manifests}-state").StateDirectory);
    }

    [Fact]
    public async Task A_cluster_keeps_everything_itself()
    {
        var errors = await Shell.ErrorsAsync("--kubeconfig", "/does/not/exist", "--state-dir", directory.File("state"));
        Assert.Equal("--state-dir is for --manifests; a cluster keeps everything itself", errors[^1]);
    }

    private AcmeOptions Acme(params string[] args) => Read([.. args, "--state-dir", directory.File("state")]).Acme!;

    private RunOptions Read(params string[] args) => Options(["--manifests", directory.File("manifests"), .. args]);

    private static RunOptions Options(params string[] args)
    {
        var command = RunCommand.Create();
        var flags = new FlagReader(command.Parse(args), new Dictionary<string, string>());
        var options = RunCommand.Read(flags, new Dictionary<string, string>());
        using var errors = new StringWriter();
        flags.Complain(new Terminal(errors, errors, Stream.Null, new Dictionary<string, string>()));
        Assert.Equal("", errors.ToString());
        return options;
    }
}
