using IngressController.App;
using IngressController.Cluster;
using IngressController.Routing.Translation;
using IngressController.Testing;

namespace IngressController.Unit.App;

/// <summary>The flags about what is written to a cluster.</summary>
public sealed class WritingFlagsTests
{
    [Theory]
    [InlineData("--publish-service", "a/b")]
    [InlineData("--publish-address", "192.0.2.1")]
    public async Task Directory_mode_has_no_status_to_write(string flag, string value)
    {
        using var manifests = new TemporaryDirectory();
        Assert.Equal(
            [$"{flag} is about a cluster, and --manifests reads none; give one of them"],
            await Shell.ErrorsAsync("--manifests", manifests.Path, flag, value));
    }

    [Theory]
    [InlineData("--publish-service", "a", "is not NAMESPACE/NAME")]
    [InlineData("--publish-address", "192.0.2", "is neither an IP address nor a DNS name")]
    [InlineData("--publish-address", "a_b", "is neither an IP address nor a DNS name")]
    [InlineData("--pod-name", "A B", "is not a name of lower-case letters, digits, '-' and '.'")]
    public async Task A_wrong_value_is_one_clear_line(string flag, string value, string wrong)
    {
        using var directory = Kubeconfig();
        Assert.Equal([$"{flag}: '{value}' {wrong}"], await Shell.ErrorsAsync("--kubeconfig", directory.File("config"), flag, value));
    }

    [Fact]
    public void Installations_that_serve_other_Ingresses_or_stand_elsewhere_write_under_names_of_their_own()
    {
        var longest = new string('n', 63);
        string[] names =
        [
            NameOf(new("ingress", "pod-a"), new(), []),
            NameOf(new("elsewhere", "pod-a"), new(), []),
            NameOf(new("ingress", "pod-a"), new() { ControllerNames = ["example.com/mine"] }, []),
            NameOf(new("ingress", "pod-a"), new() { IngressClass = "nginx" }, []),
            NameOf(new("ingress", "pod-a"), new(), ["shop"]),
            NameOf(new(longest, "pod-a"), new(), [longest]),
        ];
        Assert.Equal(names.Length, names.Distinct().Count());
        Assert.Equal(names[0], NameOf(new("ingress", "pod-b"), new() { WatchIngressWithoutClass = true }, [])); // another replica, maybe of the next version
        Assert.All(names, name => Assert.InRange(name.Length, 1, 128)); // the API server's limit
    }

    [Theory]
    [InlineData("example.com/mine", true)]
    [InlineData("k8s.io/ingress-nginx", true)]
    [InlineData("example.com/a/b", false)]
    [InlineData("example.com/internal:v2", false)]
    [InlineData("example.com/mine-", false)]
    [InlineData("example.com/0123456789012345678901234567890123456789012345678901234567890123", false)]
    public void Events_are_reported_under_the_controllers_name_where_an_Event_may_have_it(string controller, bool isTaken)
    {
        var origin = WritingOptions.For(new(null, []), new("ingress", new string('p', 253)), new() { ControllerNames = [controller] }, []).Origin;
        Assert.Equal(isTaken ? controller : "yarp.ingress.kubernetes.io/controller", origin.Controller);
        Assert.Equal(128, origin.Instance.Length);
    }

    private static string NameOf(NamespacedName pod, TranslationOptions translation, EquatableArray<string> namespaces) =>
        WritingOptions.For(new(null, []), pod, translation, namespaces).Publish.Manager;

    private static TemporaryDirectory Kubeconfig()
    {
        var directory = new TemporaryDirectory();
        directory.Write("config", """
            apiVersion: v1
            kind: Config
            current-context: c
            clusters: [{name: c, cluster: {server: "http://127.0.0.1:1"}}]
            contexts: [{name: c, context: {cluster: c, user: u}}]
            users: [{name: u, user: {token: t}}]
            """);
        return directory;
    }
}
