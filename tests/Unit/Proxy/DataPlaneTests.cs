using System.Collections.Immutable;
using IngressController.Cluster;
using IngressController.Proxy;
using IngressController.Proxy.Clients;
using IngressController.Routing.Model;
using IngressController.Testing;
using IngressController.Testing.Tls;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace IngressController.Unit.Proxy;

public sealed class DataPlaneTests
{
    private static readonly BackendKey Web = HandMadeModel.Key("web");

    [Fact]
    public void A_change_of_destinations_makes_no_route_anew()
    {
        var (dataPlane, model) = (Create(), new HandMadeModel());
        dataPlane.Apply(model.Backend(Web, new Destination("10.0.0.1", 80)));
        dataPlane.Apply(model.Route("shop.test", "/", Web));
        object table = dataPlane.Tables;

        dataPlane.Apply(model.Backend(Web, new Destination("10.0.0.2", 80)));

        Assert.Same(table, dataPlane.Tables);
    }

    [Fact]
    public void A_backend_that_cannot_be_applied_does_not_stop_the_change()
    {
        var (dataPlane, model) = (Create(), new HandMadeModel());
        var broken = HandMadeModel.Key("broken", UpstreamPolicy.Default with { Balancing = (Balancing)99 });
        model.Backend(broken, new Destination("10.0.0.1", 80));
        model.Route("broken.test", "/", broken);
        model.Backend(Web, new Destination("10.0.0.1", 80));
        model.Route("shop.test", "/", Web);

        dataPlane.Apply(new RoutingChange(model.Current, [.. model.Current.Hosts.Keys], [broken, Web]));

        Assert.Null(dataPlane.Tables.Routes.Match("broken.test", "/").Route!.Backend);
        Assert.NotNull(dataPlane.Tables.Routes.Match("shop.test", "/").Route!.Backend);
    }

    [Fact]
    public void A_name_that_only_stands_in_tls_is_passed_through_as_its_wildcard_is()
    {
        var (dataPlane, room) = (Create(), RoutingRoom.With(
            Make.Ingress("shop/wild", age: 9).WithRule("*.wild.test", "Prefix /").Annotated("nginx.ingress.kubernetes.io/ssl-passthrough", "true"),
            Make.Ingress("shop/own").WithRule("own.wild.test", "Prefix /"),
            Make.Ingress("evil/new") with { Tls = [new(["any.wild.test"], "theirs")] }));
        dataPlane.Apply(room.LastChange);
        Assert.NotNull(dataPlane.Passthroughs.Find("any.wild.test"));
        Assert.Null(dataPlane.Passthroughs.Find("own.wild.test"));
    }

    [Theory]
    [InlineData("(?x)CN=anna # a comment")]
    [InlineData("CN=anna")]
    public void Every_pattern_that_is_taken_can_be_applied(string pattern)
    {
        using var authority = TestAuthority.Create();
        var verification = new ClientVerification(
            ClientCertificateUse.Required, new("shop", "ca"), System.Text.Encoding.UTF8.GetBytes(authority.Pem).ToEquatableArray(), [], 1, false, null, pattern, null);
        var policy = ClientPolicy.Of(verification, NullLogger.Instance);
        Assert.Equal(Admission.Admitted, policy.Judge([authority.Client("CN=anna").Loaded.RawData], TimeProvider.System.GetUtcNow()).Admission);
        Assert.Equal(Admission.NotAllowed, policy.Judge([authority.Client("CN=not CN=anna").Loaded.RawData], TimeProvider.System.GetUtcNow()).Admission);
    }

    [Fact]
    public void The_internals_that_we_use_are_there() => Internals.Verify();

    [Fact]
    public void Every_invalid_option_is_told()
    {
        var services = new ServiceCollection().AddProxy(options =>
        {
            (options.PublicHttpsPort, options.AccessLogBacklog, options.FirstByteTimeout) = (70000, 0, TimeSpan.Zero);
        });
        using var provider = services.BuildServiceProvider();

        var refused = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IOptions<ProxyOptions>>().Value);

        Assert.Equal(3, refused.Failures.Count());
    }

    private static DataPlane Create() => new ServiceCollection().AddProxy(_ => { }).BuildServiceProvider().GetRequiredService<DataPlane>();
}
