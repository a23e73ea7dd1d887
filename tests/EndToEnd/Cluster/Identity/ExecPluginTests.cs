using System.Text.Json;
using System.Text.Json.Nodes;
using IngressController.Kubernetes.Api;
using IngressController.Testing;

namespace IngressController.EndToEnd.Cluster.Identity;

/// <summary>Who has a program say who they are.</summary>
public sealed class ExecPluginTests
{
    private const string Version = "client.authentication.k8s.io/v1";

    [Fact]
    public async Task A_plugin_may_answer_a_client_certificate()
    {
        await using var server = await AskedServer.StartAsync();
        var (certificate, key) = server.Fake.IssueCertificate("ann", null, "operators");
        Assert.Equal("ann", await server.WhoAsync(server.Connect(Plugin(server, Prints(server, new() { ["clientCertificateData"] = certificate, ["clientKeyData"] = key })))));
    }

    [Fact]
    public async Task What_expires_is_renewed_before_it_does()
    {
        await using var server = await AskedServer.StartAsync();
        server.Fake.AddToken("token", "system:serviceaccount:shop:web");
        var expires = server.Clock.GetUtcNow().AddMinutes(10).ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);
        var client = server.Connect(Plugin(server, $"echo run >> {server.PathOf("runs")}; {Prints(server, new() { ["token"] = "token", ["expirationTimestamp"] = expires })}"));
        await server.WhoAsync(client);
        server.Clock.Advance(TimeSpan.FromMinutes(8.9));
        await server.WhoAsync(client);
        Assert.Single(await File.ReadAllLinesAsync(server.PathOf("runs")));
        server.Clock.Advance(TimeSpan.FromMinutes(0.2));
        await server.WhoAsync(client);
        Assert.Equal(2, (await File.ReadAllLinesAsync(server.PathOf("runs"))).Length);
    }

    [Fact]
    public async Task A_plugin_is_told_its_variables_and_what_it_is_for()
    {
        await using var server = await AskedServer.StartAsync();
        server.Fake.AddToken("token", "system:serviceaccount:shop:web");
        var tell = $"printf '%s|%s' \"$REGION\" \"$KUBERNETES_EXEC_INFO\" > {server.PathOf("told")}; {Prints(server, new() { ["token"] = "token" })}";
        var extension = "extensions: [{name: other, extension: {}}, {name: client.authentication.k8s.io/exec, extension: {audience: shop}}]";
        await server.WhoAsync(server.Connect(
            Plugin(server, tell, "provideClusterInfo: true, interactiveMode: IfAvailable, env: [{name: REGION, value: north}, {name: KUBERNETES_EXEC_INFO, value: x}]"), $"{server.Authority}, {extension}"));
        var told = (await File.ReadAllTextAsync(server.PathOf("told"))).Split('|');
        Assert.Equal("north", told[0]);
        var expected = $$$$"""
            {"apiVersion":"{{{{Version}}}}","kind":"ExecCredential","spec":{"interactive":false,"cluster":{"server":"{{{{server.Fake.Address.ToString().TrimEnd('/')}}}}","insecure-skip-tls-verify":false,
            "certificate-authority-data":"{{{{AskedServer.Base64(server.Fake.CertificateAuthority!)}}}}","config":{"audience":"shop"} } } }
            """;
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(told[1])), told[1]);
    }

    [Fact]
    public async Task A_missing_plugin_is_told_with_its_hint()
    {
        await using var server = await AskedServer.StartAsync();
        var client = server.Connect($"exec: {{apiVersion: {Version}, command: no-such-plugin, installHint: Get it from example.com}}");
        var error = await Assert.ThrowsAsync<ConnectionException>(() => server.WhoAsync(client));
        Assert.StartsWith($"exec of user u of {server.PathOf("config")} (context a of {server.PathOf("config")}): no-such-plugin cannot be run: ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("Get it from example.com", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("echo no session >&2; exit 3", "ended with exit code 3: no session. Run it by hand to see why")]
    [InlineData("echo hello", "does not answer an ExecCredential: ")]
    [InlineData("echo null", "answers in version '', not")]
    [InlineData("echo '{\"apiVersion\":\"client.authentication.k8s.io/v1beta1\",\"status\":{\"token\":\"t\"}}'", "answers in version 'client.authentication.k8s.io/v1beta1', not 'client.authentication.k8s.io/v1'")]
    [InlineData("echo '{\"apiVersion\":\"client.authentication.k8s.io/v1\"}'", "answers neither a token nor a client certificate")]
    [InlineData("echo '{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"status\":{\"clientKeyData\":\"k\"}}'", "answers a client certificate or its key, and not both")]
    [InlineData("yes", "prints more than 1048576 characters. Is it the right program?")]
    public async Task What_a_plugin_does_wrong_is_told_and_it_runs_again_at_the_next_request(string script, string message)
    {
        await using var server = await AskedServer.StartAsync();
        server.Fake.AddToken("token", "system:serviceaccount:shop:web");
        var client = server.Connect(Plugin(server, script));
        Assert.Contains(message, (await Assert.ThrowsAsync<ConnectionException>(() => server.WhoAsync(client))).Message, StringComparison.Ordinal);
        server.Write("plugin", Prints(server, new() { ["token"] = "token" }));
        Assert.Equal("system:serviceaccount:shop:web", await server.WhoAsync(client));
    }

    [Fact]
    public async Task A_plugin_that_hangs_is_ended_after_a_minute()
    {
        await using var server = await AskedServer.StartAsync();
        var client = server.Connect(Plugin(server, $"echo $$ > {server.PathOf("pid")}; exec sleep 1000"));
        var asking = server.WhoAsync(client);
        await Eventually.TrueAsync(() => File.Exists(server.PathOf("pid")) && File.ReadAllText(server.PathOf("pid")).EndsWith('\n'), "the plugin runs");
        server.Clock.Advance(TimeSpan.FromSeconds(30));
        await Assert.ThrowsAsync<TimeoutException>(() => asking); // who asks has a limit too
        server.Clock.Advance(TimeSpan.FromSeconds(30));
        var process = $"/proc/{(await File.ReadAllTextAsync(server.PathOf("pid"))).Trim()}";
        await Eventually.TrueAsync(() => !Directory.Exists(process), "the plugin is gone");
    }

    private static string Plugin(AskedServer server, string script, string more = "interactiveMode: Never") =>
        $"exec: {{apiVersion: {Version}, command: sh, args: [{server.Write("plugin", script)}], {more}}}";

    private static string Prints(AskedServer server, JsonObject status) =>
        $"cat {server.Write("answer", JsonSerializer.Serialize(new JsonObject { ["apiVersion"] = Version, ["kind"] = "ExecCredential", ["status"] = status }))}";
}
