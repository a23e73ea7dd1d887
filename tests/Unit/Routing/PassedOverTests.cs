using IngressController.Cluster.Resources;
using IngressController.Routing.Translation;
using IngressController.Testing;

namespace IngressController.Unit.Routing;

/// <summary>Which endpoints of a backend's Service get no requests, and why.</summary>
public sealed class PassedOverTests
{
    private static readonly Service Web = Make.Service("web", "http:80", "admin:81");

    [Fact]
    public void Those_that_are_not_ready_or_end_are_passed_over() =>
        Assert.Equal("10.0.0.2:8080 Terminating, 10.0.0.3:8080 NotReady", Of(new(), Web, Make.SliceOf(
            "web", "http:8080",
            Make.Endpoint("10.0.0.3", ready: false, serving: false),
            Make.Endpoint("10.0.0.1"),
            Make.Endpoint("10.0.0.2", ready: false, terminating: true))));

    [Fact]
    public void One_that_serves_while_it_ends_because_none_is_ready_is_a_destination() =>
        Assert.Equal("10.0.0.1:8080 NotReady", Of(new(), Web, Make.SliceOf(
            "web", "http:8080", Make.Endpoint("10.0.0.1", ready: false, serving: false), Make.Endpoint("10.0.0.2", ready: false, terminating: true))));

    [Fact]
    public void Those_that_hints_keep_for_others_are_elsewhere() =>
        Assert.Equal("10.0.0.2:8080 Elsewhere", Of(new() { Zone = "east" }, Web, Make.SliceOf(
            "web", "http:8080", Make.Endpoint("10.0.0.1", forZone: "east"), Make.Endpoint("10.0.0.2", forZone: "west"))));

    [Fact]
    public void Of_two_families_one_is_shown() =>
        Assert.Equal("10.0.0.2:8080 NotReady", Of(
            new(), Web,
            Make.SliceOf("web", "http:8080", Make.Endpoint("10.0.0.1"), Make.Endpoint("10.0.0.2", ready: false)),
            Make.SliceOf("web", "http:8080", Make.Endpoint("fd00::1"), Make.Endpoint("fd00::2", ready: false))));

    [Fact]
    public void It_is_the_one_that_serves() =>
        Assert.Equal("[fd00::2]:8080 NotReady", Of(
            new(), Web,
            Make.SliceOf("web", "http:8080", Make.Endpoint("10.0.0.1", ready: false, serving: false)),
            Make.SliceOf("web", "http:8080", Make.Endpoint("fd00::1"), Make.Endpoint("fd00::2", ready: false))));

    [Fact]
    public void Other_ports_and_an_endpoint_in_two_slices_add_nothing() =>
        Assert.Equal("10.0.0.2:8080 NotReady", Of(
            new(), Web,
            Make.SliceOf("web", "http:8080", Make.Endpoint("10.0.0.1"), Make.Endpoint("10.0.0.2", ready: false)),
            Make.SliceOf("web", "http:8080", Make.Endpoint("10.0.0.2", ready: false)).Named("moving"),
            Make.SliceOf("web", "admin:9090", Make.Endpoint("10.0.0.9", ready: false))));

    [Fact]
    public void Where_the_Service_or_its_port_is_missing_there_is_none()
    {
        Assert.Equal("", Of(new()));
        Assert.Equal("", Of(new(), Make.Service("web", "82"), Make.SliceOf("web", "82", Make.Endpoint("10.0.0.1", ready: false))));
    }

    private static string Of(TranslationOptions options, params IResource[] resources)
    {
        var room = RoutingRoom.With(options, [Make.Ingress("a").WithRule("a.test", "Prefix / web:80"), .. resources]);
        return string.Join(", ", room.Backend("web").PassedOver.Select(endpoint => $"{endpoint.Destination} {endpoint.Why}"));
    }
}
