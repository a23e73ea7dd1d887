using System.Net;
using IngressController.Kubernetes.Api;

namespace IngressController.EndToEnd.Cluster.Identity;

/// <summary>Who shows a client certificate.</summary>
public sealed class CertificateTests
{
    [Fact]
    public async Task The_common_name_is_the_user_and_the_organizations_are_the_groups()
    {
        await using var server = await AskedServer.StartAsync();
        Assert.Equal("ann", await server.WhoAsync(server.Connect(InText(server.Fake.IssueCertificate("ann", null, "operators", "others")))));
        var stranger = server.Connect(InText(server.Fake.IssueCertificate("eve", null, "others")));
        var refusal = await Assert.ThrowsAsync<ApiException>(() => server.WhoAsync(stranger));
        Assert.Equal("namespaces \"default\" is forbidden: User \"eve\" cannot get resource \"namespaces\" in API group \"\" in the namespace \"default\"", refusal.Message);
    }

    [Fact]
    public async Task Files_stand_relative_to_the_kubeconfig_and_are_read_again_within_a_minute()
    {
        await using var server = await AskedServer.StartAsync();
        var (first, second) = (server.Fake.IssueCertificate("first", null, "operators"), server.Fake.IssueCertificate("second", null, "operators"));
        server.Write("tls.crt", first.Certificate);
        server.Write("tls.key", first.Key);
        var client = server.Connect("client-certificate: tls.crt, client-key: tls.key");
        Assert.Equal("first", await server.WhoAsync(client));
        server.Write("tls.crt", second.Certificate);
        server.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("first", await server.WhoAsync(client)); // the key is not there yet
        server.Write("tls.key", second.Key);
        server.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("second", await server.WhoAsync(client));
    }

    [Fact]
    public async Task A_certificate_that_has_run_out_is_nobody_s_until_its_files_are_renewed()
    {
        await using var server = await AskedServer.StartAsync();
        var old = server.Fake.IssueCertificate("ann", TimeSpan.FromHours(-1), "operators");
        var client = server.Connect($"client-certificate: {server.Write("tls.crt", old.Certificate)}, client-key: {server.Write("tls.key", old.Key)}");
        Assert.Equal(HttpStatusCode.Unauthorized, (await Assert.ThrowsAsync<ApiException>(() => server.WhoAsync(client))).StatusCode);
        var next = server.Fake.IssueCertificate("ann", null, "operators");
        server.Write("tls.crt", next.Certificate);
        server.Write("tls.key", next.Key);
        Assert.Equal("ann", await server.WhoAsync(client));
    }

    [Fact]
    public async Task A_certificate_of_another_cluster_is_nobody_s()
    {
        await using var server = await AskedServer.StartAsync();
        await using var other = await AskedServer.StartAsync();
        var client = server.Connect(InText(other.Fake.IssueCertificate("ann", null, "operators")));
        Assert.Equal(HttpStatusCode.Unauthorized, (await Assert.ThrowsAsync<ApiException>(() => server.WhoAsync(client))).StatusCode);
    }

    private static string InText((string Certificate, string Key) issued) =>
        $"client-certificate-data: {AskedServer.Base64(issued.Certificate)}, client-key-data: {AskedServer.Base64(issued.Key)}";
}
