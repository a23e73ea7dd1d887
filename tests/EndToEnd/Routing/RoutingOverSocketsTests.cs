using System.Globalization;
using IngressController.Echo;
using IngressController.Testing;

namespace IngressController.EndToEnd.Routing;

/// <summary>One controller on one set of manifests, asked over real sockets.</summary>
public sealed class RoutingOverSocketsTests(RoutingOverSocketsTests.Cluster cluster) : IClassFixture<RoutingOverSocketsTests.Cluster>
{
    [Theory]
    [InlineData("shop.test", "/", "root")]
    [InlineData("SHOP.test:8080", "/x", "root")]
    [InlineData("shop.test.", "/x", "root")]
    [InlineData("shop.test", "/cart", "exact")]
    [InlineData("shop.test", "/cart/", "cart")]
    [InlineData("shop.test", "/cart/items?id=1", "cart")]
    [InlineData("shop.test", "/cartoon", "root")]
    [InlineData("shop.test", "/Cart", "root")]
    [InlineData("shop.test", "/caf%C3%A9/menu", "cafe")]
    [InlineData("shop.test", "//cart//items", "cart")]
    [InlineData("shop.test", "/x/../cart/y", "cart")]
    [InlineData("shop.test", "/x/%2e%2e/cart/y", "cart")]
    [InlineData("shop.test", "/x%2Fy;v=1", "root")]
    [InlineData("xn--mnchen-3ya.test", "/", "idn")]
    [InlineData("a.wild.test", "/", "wildcard")]
    [InlineData("only.wild.test", "/only", "exact")]
    [InlineData("late.test", "/", "oldest")]
    [InlineData("fallback.test", "/nothing", "fallback")]
    [InlineData("bare.test", "/", "everything")]
    [InlineData("[::1]:80", "/hostless", "hostless")]
    [InlineData("127.0.0.1", "/hostless/x", "hostless")]
    [InlineData("nobody.test", "/", "everything")]
    [InlineData("only.wild.test", "/", "everything")] // not the wildcard's
    [InlineData("a.b.wild.test", "/", "everything")]
    [InlineData("legacy.test", "/", "root")]
    public async Task A_request_reaches_the_backend_of_its_rule_with_its_target_as_it_was(string host, string target, string backend) =>
        Assert.Equal($"200 {backend} answers GET {target} for {host}", await cluster.AskAsync(host, target));

    [Theory]
    [InlineData("foreign.test", "/hostless", "hostless")] // as if its Ingress were not there
    [InlineData("canary.test", "/", "root")]
    public async Task Ingresses_that_are_not_ours_or_are_canaries_take_no_traffic(string host, string target, string backend) =>
        Assert.StartsWith($"200 {backend} ", await cluster.AskAsync(host, target), StringComparison.Ordinal);

    [Theory]
    [InlineData("shop.test", "/missing", 503)]
    [InlineData("shop.test", "/missing/below", 503)]
    [InlineData("shop.test", "/port", 503)]
    [InlineData("shop.test", "/external", 503)]
    [InlineData("shop.test", "/bucket", 503)]
    [InlineData("guarded.test", "/", 503)]
    [InlineData("shop.test", "/%zz", 400)]
    [InlineData("shop.test", "/../etc", 400)]
    [InlineData("shop.test", "/x/..%2Fcart", 400)]
    public async Task What_cannot_be_served_is_answered_in_its_place(string host, string target, int status) =>
        Assert.StartsWith(status.ToString(CultureInfo.InvariantCulture), await cluster.AskAsync(host, target), StringComparison.Ordinal);

    public sealed class Cluster : IAsyncLifetime, IDisposable
    {
        private static readonly string[] Names = ["root", "exact", "cart", "cafe", "idn", "wildcard", "oldest", "youngest", "fallback", "everything", "hostless"];
        private readonly List<EchoServer> backends = [];
        private readonly TemporaryDirectory manifests = new();
        private ControllerProcess? controller;

        public async Task InitializeAsync()
        {
            foreach (var name in Names)
            {
                var backend = await EchoServer.StartAsync(name, 0, CancellationToken.None);
                backends.Add(backend);
                manifests.Write($"services/{name}.yaml", App.World.Service(name, backend.Port));
            }

            File.Copy(Repository.Path("tests/EndToEnd/Routing/manifests.yaml"), manifests.File("ingresses.yaml"));
            controller = await ControllerProcess.StartAsync(manifests.Path);
        }

        public async Task<string> AskAsync(string host, string target)
        {
            var asItIs = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(controller!.Http.GetLeftPart(UriPartial.Authority) + target, in asItIs));
            request.Headers.TryAddWithoutValidation("Host", host);
            using var response = await controller.Client.SendAsync(request);
            return $"{(int)response.StatusCode} {(await response.Content.ReadAsStringAsync()).Trim()}";
        }

        public async Task DisposeAsync()
        {
            await (controller?.DisposeAsync() ?? ValueTask.CompletedTask);
            foreach (var backend in backends)
            {
                await backend.DisposeAsync();
            }
        }

        public void Dispose() => manifests.Dispose();
    }
}
