using System.Text.RegularExpressions;
using IngressController.EndToEnd.App;
using IngressController.Testing;
using IngressController.Testing.Acme;

namespace IngressController.EndToEnd.Acme;

/// <summary>docs/certificates.md: what it shows does what it says.</summary>
public sealed class DocumentedTests
{
    private static readonly string Text = File.ReadAllText(Repository.Path("docs/certificates.md")).Replace("\r", "", StringComparison.Ordinal);

    /// <summary>With an authority of the test instead of Let's Encrypt.</summary>
    [Fact]
    public async Task The_documented_Ingress_and_the_documented_command_lead_to_the_documented_file()
    {
        await using var authority = await FakeAcme.StartAsync(new() { SkipsValidation = true });
        using var directory = WithManifest();
        directory.Write("ca.pem", authority.CaBundle);
        var command = Match("^    ingress-controller (run --manifests .+ --acme-email .+)$");
        var file = directory.File(Match("comes into a file, `(.+?)`"));
        await using var controller = await ControllerProcess.OfAsync(RunningProgram.Start(
            ControllerProcess.File,
            [
                .. command.Split(' '), "--acme-directory", authority.Directory.ToString(), "--acme-ca-bundle", directory.File("ca.pem"),
                "--bind-address", "127.0.0.1", "--http-port", "0", "--https-port", "0", "--admin-port", "0",
            ],
            directory: directory.Path));
        await Eventually.TrueAsync(() => File.Exists(file), $"{file} is there");
        Assert.Equal(["shop.example.com", "www.shop.example.com"], Assert.Single(authority.Certificates).Hosts.Order());
        Assert.Equal(["mailto:ops@example.com"], Assert.Single(authority.Accounts).Contact);
    }

    [Fact]
    public async Task The_documented_check_has_nothing_to_say_against_the_documented_Ingress()
    {
        using var directory = WithManifest();
        var command = Match("^      ingress-controller (check manifests .+)$");
        var (_, output, errors) = await RunningProgram.RunAsync(ControllerProcess.File, command.Split(' '), directory: directory.Path);
        Assert.Equal("", errors);
        Assert.DoesNotContain("Acme", output, StringComparison.Ordinal);
        Assert.DoesNotContain("CertificateMissing", output, StringComparison.Ordinal); // its cure would keep the certificate from being obtained
        directory.Write("manifests/shop.yaml", Match("(?s)```yaml\n(.+?)```").Replace("www.shop", "\"*.shop", StringComparison.Ordinal).Replace("*.shop.example.com", "*.shop.example.com\"", StringComparison.Ordinal));
        Assert.Contains("error AcmeRefused", (await RunningProgram.RunAsync(ControllerProcess.File, command.Split(' '), directory: directory.Path)).Output, StringComparison.Ordinal);
    }

    private static TemporaryDirectory WithManifest()
    {
        var directory = new TemporaryDirectory();
        directory.Write("manifests/class.yaml", World.Class);
        directory.Write("manifests/shop.yaml", Match("(?s)```yaml\n(.+?)```"));
        return directory;
    }

    private static string Match(string pattern) => Regex.Match(Text, pattern, RegexOptions.Multiline) is { Success: true } match ? match.Groups[1].Value : throw new InvalidOperationException($"{pattern} is not in the document");
}
