using System.Reflection;
using IngressController.Testing;

namespace IngressController.EndToEnd.App;

/// <summary>The command line as scripts see it: the real program, its exit codes and streams.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly TemporaryDirectory manifests = new();

    public void Dispose() => manifests.Dispose();

    [Fact]
    public async Task Version_is_one_line()
    {
        var (exitCode, output, errors) = await ControllerProcess.RunAsync("version");
        Assert.Equal(0, exitCode);
        Assert.Matches(@"^ingress-controller \d+\.\d+\.\d+\S* \(.+\)\n$", output);
        Assert.Empty(errors);
    }

    [Fact]
    public async Task Run_is_the_default_command_and_says_what_is_missing()
    {
        var environment = new Dictionary<string, string> { ["KUBECONFIG"] = manifests.File("config") };
        var (exitCode, output, errors) = await RunningProgram.RunAsync(ControllerProcess.File, [], environment);
        Assert.Equal(2, exitCode);
        Assert.Empty(output);
        Assert.Equal($"ingress-controller: there is no kubeconfig {manifests.File("config")}. Give --kubeconfig FILE, or --manifests DIR to do without a cluster\n", errors);
    }

    [Fact]
    public async Task A_missing_directory_is_an_error_of_use()
    {
        var missing = manifests.File("nowhere");
        var (exitCode, _, errors) = await ControllerProcess.RunAsync("run", "--manifests", missing);
        Assert.Equal((2, $"ingress-controller: --manifests: '{missing}' does not exist\n"), (exitCode, errors));
    }

    [Fact]
    public async Task A_relative_directory_is_that_of_the_shell_also_from_a_checkout()
    {
        var configuration = typeof(CommandLineTests).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
        var (exitCode, output, errors) = await RunningProgram.RunAsync(
            "dotnet", ["run", "--project", "src/App", "--no-build", "-c", configuration, "--", "check", "tests/Unit/Golden/one-host-one-service/manifests"], directory: Repository.Path("."));
        Assert.Equal((0, ""), (exitCode, errors));
        Assert.StartsWith("problems: none", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_in_use_is_one_line_with_the_port_and_the_flag()
    {
        await using var first = await ControllerProcess.StartAsync(manifests.Path);
        var (http, admin) = (first.Http.Port, first.Admin.BaseAddress!.Port);
        var (exitCode, output, errors) = await ControllerProcess.RunAsync(
            "--manifests", manifests.Path, "--bind-address", "127.0.0.1", "--http-port", $"{http}", "--https-port", "0", "--admin-port", $"{admin}");
        Assert.Equal((2, ""), (exitCode, output));
        Assert.Equal(
            [$"ingress-controller: --admin-port: port {admin} is in use by another program", $"ingress-controller: --http-port: port {http} is in use by another program"],
            errors.TrimEnd().Split('\n').Order());
    }

    [Fact]
    public async Task An_address_that_the_machine_does_not_have_is_one_line()
    {
        var (exitCode, _, errors) = await ControllerProcess.RunAsync("--manifests", manifests.Path, "--bind-address", "192.0.2.1", "--http-port", "0", "--https-port", "0", "--admin-port", "0");
        Assert.Equal(2, exitCode);
        Assert.All(errors.TrimEnd().Split('\n'), line => Assert.Equal("ingress-controller: --bind-address: this machine does not have the address 192.0.2.1", line));
    }

    [Fact]
    public async Task Environment_variables_are_flags()
    {
        var environment = new Dictionary<string, string> { ["INGRESS__HTTPPORT"] = "http", ["INGRESS__HTPPORT"] = "1" };
        var (exitCode, _, errors) = await RunningProgram.RunAsync(ControllerProcess.File, ["--manifests", manifests.Path], environment);
        Assert.Equal(2, exitCode);
        Assert.Equal(
            "ingress-controller: INGRESS__HTPPORT: there is no such setting; did you mean INGRESS__HTTPPORT?\n"
            + "ingress-controller: INGRESS__HTTPPORT: 'http' is not a port (0 to 65535)\n",
            errors);
    }
}
