using IngressController.Kubernetes.Api;
using IngressController.Testing;

namespace IngressController.Unit.Kubernetes.Api;

public sealed class KubeconfigTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public void The_first_file_that_says_something_wins()
    {
        var first = Write("one", "current-context: b\ncontexts:\n- name: a\n  context: {cluster: c, namespace: shop}");
        var second = Write("two", "current-context: a\ncontexts:\n- name: a\n  context: {cluster: other}\n- name: b\n  context: {cluster: c}\nclusters:\n- name: c\n  cluster: {server: \"https://c:6443\"}");
        Assert.Equal("default", ApiConnection.FromKubeconfig([first, second]).Namespace);
        var named = ApiConnection.FromKubeconfig([first, directory.File("missing"), second], "a");
        Assert.Equal(("https://c:6443/", "shop"), (named.Server.AbsoluteUri, named.Namespace));
        Assert.Equal($"https://c:6443 (context a of {first}, {second})", named.Description);
    }

    [Theory]
    [InlineData("current-context: x", "there is no context 'x'. --context NAME takes one of: none")]
    [InlineData("contexts: []", "there is no current-context. Give --context NAME (none)")]
    [InlineData("- a", "this is no kubeconfig (a mapping with clusters, users and contexts). Is it the right file?")]
    [InlineData("a: [", ": this is not YAML: ")]
    [InlineData("current-context: a\ncontexts:\n- name: a\n  context: {cluster: c}", "there is no cluster 'c'. Context 'a' names it; the file has: none")]
    [InlineData("contexts:\n- name: a\n- name: a", "there are two entries 'a' in contexts. Remove one")]
    public void What_cannot_be_used_is_said_with_file_and_cure(string text, string message)
    {
        var file = Write("config", text);
        var error = Assert.Throws<ConnectionException>(() => ApiConnection.FromKubeconfig([file]));
        Assert.StartsWith(file, error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", "there is no server")]
    [InlineData("{server: 'ftp://x'}", "server 'ftp://x' is not a URL of http, https")]
    [InlineData("{server: 'https://x', certificate-authority-data: '!'}", "certificate-authority-data is not base64")]
    [InlineData("{server: 'https://x', certificate-authority: nowhere.crt}", "nowhere.crt cannot be read: no such file or directory")]
    [InlineData("{server: 'https://x', certificate-authority-data: 'YQ==', insecure-skip-tls-verify: true}", "exclude each other")]
    [InlineData("{server: 'https://x', certificate-authority-data: 'YQ=='}", "has no certificate. It must be PEM")]
    [InlineData("{server: 'https://x', insecure-skip-tls-verify: 'true'}", "insecure-skip-tls-verify is neither true nor false. Take the quotes away")]
    [InlineData("{server: 'localhost:6443'}", "server 'localhost:6443' is not a URL of http, https")]
    [InlineData("{server: 'https://x', proxy-url: 'gopher://y'}", "proxy-url 'gopher://y' is not a URL of http, https, socks5")]
    public void A_cluster_that_cannot_be_used_is_named(string cluster, string message) => Assert.Contains(message, Refusal(cluster, "{}"), StringComparison.Ordinal);

    [Theory]
    [InlineData("{tokenFile: nowhere}", "nowhere cannot be read: no such file or directory")]
    [InlineData("{client-certificate-data: 'YQ=='}", "client-certificate and client-key belong together. Add client-key")]
    [InlineData("{client-certificate-data: 'YQ==', client-key-data: 'YQ=='}", "the client certificate and key cannot be used")]
    [InlineData("{auth-provider: {name: gcp}}", "auth-provider is not supported")]
    [InlineData("{token: a, username: b}", "it has a token and a password. Remove one")]
    [InlineData("{token: 123}", "token is not text. Put its value in quotes")]
    [InlineData("{token: a, as: b}", "as is not supported. Be the user that it names")]
    [InlineData("{as-groups: [b]}", "as-groups is not supported")]
    [InlineData("{exec: {apiVersion: client.authentication.k8s.io/v1, command: x, interactiveMode: Sometimes}}", "interactiveMode 'Sometimes' is not one of Never, IfAvailable, Always")]
    [InlineData("{exec: {apiVersion: client.authentication.k8s.io/v1, command: x, args: [1]}}", "args has a value that is not text. Put it in quotes")]
    [InlineData("{exec: {apiVersion: client.authentication.k8s.io/v1, command: x, env: [{value: a}]}}", "a variable has no name. Add name: NAME")]
    [InlineData("{exec: {apiVersion: client.authentication.k8s.io/v1}}", "there is no command")]
    [InlineData("{exec: {apiVersion: client.authentication.k8s.io/v1alpha1, command: x}}", "apiVersion 'client.authentication.k8s.io/v1alpha1' is not one of")]
    [InlineData("{exec: {apiVersion: client.authentication.k8s.io/v1, command: x, interactiveMode: Always}}", "nobody is here")]
    public void A_user_that_cannot_be_used_is_named(string user, string message) =>
        Assert.Contains(message, Refusal("{server: 'https://x'}", user), StringComparison.Ordinal);

    [Fact]
    public void Files_stand_relative_to_the_kubeconfig_that_names_them()
    {
        var one = Write("one/config", "current-context: a\ncontexts: [{name: a, context: {cluster: c, user: u}}]\nusers: [{name: u, user: {tokenFile: token}}]");
        var two = Write("two/config", "clusters: [{name: c, cluster: {server: 'https://c', certificate-authority: pki/ca.crt}}]");
        Write("one/token", "secret");
        var missing = Assert.Throws<ConnectionException>(() => ApiConnection.FromKubeconfig([one, two]));
        Assert.Equal($"cluster c of {two} (context a of {one}, {two}): the file {directory.File("two/pki/ca.crt")} cannot be read: no such file or directory. Put it there, or correct the path", missing.Message);
        Write("two/pki/ca.crt", SelfSigned.Certificate.ExportCertificatePem());
        Assert.Equal("https://c/", ApiConnection.FromKubeconfig([one, two]).Server.AbsoluteUri);
    }

    [Fact]
    public void A_token_or_a_certificate_wins_over_a_plugin() =>
        ApiConnection.FromKubeconfig([Write("config", "current-context: a\ncontexts: [{name: a, context: {cluster: c, user: u}}]\nclusters: [{name: c, cluster: {server: 'https://c'}}]\nusers: [{name: u, user: {token: a, exec: {}}}]")]);

    [Fact]
    public void A_host_of_IPv6_in_the_pod_gets_brackets()
    {
        var authority = SelfSigned.Certificate;
        directory.Write("ca.crt", authority.ExportCertificatePem());
        directory.Write("token", "secret\n");
        directory.Write("namespace", "ingress\n");
        var connection = ApiConnection.InCluster("fd00::1", "443", directory.Path);
        Assert.Equal(("https://[fd00::1]:443", "ingress"), (connection.Server.OriginalString, connection.Namespace));
    }

    private string Refusal(string cluster, string user)
    {
        var file = Write("config", $"current-context: a\ncontexts: [{{name: a, context: {{cluster: c, user: u}}}}]\nclusters: [{{name: c, cluster: {cluster}}}]\nusers: [{{name: u, user: {user}}}]");
        return Assert.Throws<ConnectionException>(() => ApiConnection.FromKubeconfig([file])).Message;
    }

    private string Write(string name, string text)
    {
        directory.Write(name, text);
        return directory.File(name);
    }
}
