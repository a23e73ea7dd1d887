using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Routing.Model;
using IngressController.Routing.Translation;
using IngressController.Testing;

namespace IngressController.Unit.Routing;

public sealed class BackendTests
{
    private static readonly Service Web = Make.Service("web", "http:80", "admin:81");

    [Theory]
    [InlineData("web:80", "10.0.0.1:8080")]
    [InlineData("web:http", "10.0.0.1:8080")]
    [InlineData("web:81", "10.0.0.1:9090")]
    [InlineData("web:admin", "10.0.0.1:9090")]
    public void A_port_is_found_by_number_or_name(string backend, string expected) =>
        Assert.Equal(expected, Destinations(backend, Web, Make.Slice("web", "http:8080", "10.0.0.1"), Make.Slice("web", "admin:9090", "10.0.0.1")));

    [Fact]
    public void Target_ports_may_differ_from_slice_to_slice() =>
        Assert.Equal("10.0.0.1:8080 10.0.0.2:9090", Destinations("web:http", Web, Make.Slice("web", "http:8080", "10.0.0.1"), Make.Slice("web", "http:9090", "10.0.0.2")));

    [Fact]
    public void An_endpoint_in_two_slices_counts_once() =>
        Assert.Equal(
            "10.0.0.1:8080 10.0.0.2:8080",
            Destinations("web:80", Web, Make.Slice("web", "http:8080", "10.0.0.1", "10.0.0.2"), Make.Slice("web", "http:8080", "10.0.0.2").Named("moving")));

    [Fact]
    public void Slices_of_another_service_or_namespace_do_not_count() =>
        Assert.Equal(
            "10.0.0.1:8080",
            Destinations("web:80", Web, Make.Slice("web", "http:8080", "10.0.0.1"), Make.Slice("web2", "http:8080", "10.0.0.2"), Make.Slice("other/web", "http:8080", "10.0.0.3")));

    [Theory]
    [InlineData("web:82", ProblemCode.PortNotFound, "no TCP port 82; it has 80 (http), 81 (admin)")]
    [InlineData("web:https", ProblemCode.PortNotFound, "no TCP port https")]
    [InlineData("web:8080", ProblemCode.PortNotFound, "no TCP port 8080")] // a targetPort is not a port
    [InlineData("none:80", ProblemCode.ServiceNotFound, "Service default/none does not exist")]
    [InlineData("web:81", ProblemCode.NoEndpoints, "no endpoint of Service default/web has its port admin")]
    public void What_is_missing_is_said_and_the_route_stays(string backend, ProblemCode code, string message)
    {
        var room = Room(backend, Web, Make.Slice("web", "http:8080", "10.0.0.1"));
        Assert.NotEqual("404", room.Answer("a.test", "/"));
        Assert.Equal(code, Single(room).Trouble?.Code);
        var problem = Assert.Single(room.Translation.Problems);
        Assert.Equal((code, "Ingress default/a", "spec.rules[0].http.paths[0].backend"), (problem.Code, problem.Object.ToString(), problem.Field));
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
        Assert.NotEmpty(problem.Cure);
    }

    [Fact]
    public void A_udp_port_is_no_http_port()
    {
        var dns = Make.Service("web", "80");
        dns = dns with { Ports = [dns.Ports[0] with { Protocol = "UDP" }] };
        Assert.Equal(ProblemCode.PortNotFound, Single(Room("web:80", dns)).Trouble?.Code);
    }

    [Fact]
    public void A_service_that_arrives_later_cures_the_problem()
    {
        var room = Room("web:80");
        Assert.Equal(ProblemCode.ServiceNotFound, Single(room).Trouble?.Code);
        room.Apply(Web);
        Assert.Contains("no EndpointSlice", Single(room).Trouble?.Message, StringComparison.Ordinal);
        room.Apply(Make.Slice("web", "http:8080", "10.0.0.1"));
        Assert.Null(Single(room).Trouble);
        Assert.Empty(room.Translation.Problems);
        Assert.Empty(room.LastChange.Hosts);
        room.Delete(Web);
        Assert.Equal(ProblemCode.ServiceNotFound, Single(room).Trouble?.Code);
    }

    [Fact]
    public void Only_ready_endpoints_are_destinations() =>
        Assert.Equal("10.0.0.1:8080", Destinations("web:80", Web, Make.SliceOf("web", "http:8080", Make.Endpoint("10.0.0.1"), Make.Endpoint("10.0.0.2", ready: false))));

    [Fact]
    public void Where_none_is_ready_those_that_serve_while_they_terminate_are_used() =>
        Assert.Equal(
            "10.0.0.3:8080",
            Destinations("web:80", Web, Make.SliceOf(
                "web", "http:8080",
                Make.Endpoint("10.0.0.1", ready: false, serving: false),
                Make.Endpoint("10.0.0.2", ready: false, serving: true),
                Make.Endpoint("10.0.0.3", ready: false, serving: true, terminating: true),
                Make.Endpoint("10.0.0.4", ready: false, serving: false, terminating: true))));

    [Theory]
    [InlineData(AddressType.IPv4, "10.0.0.1:8080")]
    [InlineData(AddressType.IPv6, "[fd00::1]:8080")]
    public void Of_two_families_the_first_of_the_service_is_taken(AddressType first, string expected) =>
        Assert.Equal(expected, Destinations("web:80", Web with { IPFamilies = [first] }, Make.Slice("web", "http:8080", "10.0.0.1"), Make.Slice("web", "http:8080", "fd00::1")));

    [Fact]
    public void The_other_family_serves_where_the_first_has_nobody() =>
        Assert.Equal("[fd00::1]:8080", Destinations("web:80", Web, Make.SliceOf("web", "http:8080", Make.Endpoint("10.0.0.1", ready: false, serving: false)), Make.Slice("web", "http:8080", "fd00::1")));

    [Fact]
    public void Fqdn_slices_and_addresses_that_are_none_are_reported()
    {
        var room = Room(
            "web:80", Web, Make.Slice("web", "http:8080", "10.0.0.1", "not-an-ip"),
            Make.Slice("web", "http:8080", "example.org").Named("fqdn") with { AddressType = AddressType.Fqdn });
        Assert.Equal("10.0.0.1:8080", string.Join(' ', (IEnumerable<Destination>)Single(room).Destinations));
        Assert.Equal(2, room.Translation.Problems.Count(problem => problem.Code == ProblemCode.EndpointSliceUnusable));
    }

    [Fact]
    public void A_slice_port_that_is_none_is_reported_and_left_out()
    {
        var room = Room("web:80", Web, Make.Slice("web", "http:70000", "10.0.0.1"), Make.Slice("web", "http:8080", "10.0.0.2"));
        Assert.Equal("10.0.0.2:8080", string.Join(' ', (IEnumerable<Destination>)Single(room).Destinations));
        Assert.Single(room.Translation.Problems, problem => problem.Code == ProblemCode.EndpointSliceUnusable);
    }

    [Fact]
    public void The_slice_may_say_the_app_protocol_that_its_service_does_not()
    {
        var slice = Make.Slice("web", "http:8080", "10.0.0.1");
        slice = slice with { Ports = [slice.Ports[0] with { AppProtocol = "kubernetes.io/h2c" }] };
        Assert.Equal(BackendProtocol.H2c, Single(Room("web:80", Web, slice)).Protocol);
        Assert.Equal(BackendProtocol.Http, Single(Room("web:80", Make.Service("web", "http:80:http"), slice)).Protocol);
    }

    [Theory]
    [InlineData(null, null, "10.0.0.1:80 10.0.0.2:80 10.0.0.3:80")]
    [InlineData("n1", null, "10.0.0.1:80")]
    [InlineData("n9", "east", "10.0.0.1:80 10.0.0.2:80")]
    [InlineData(null, "west", "10.0.0.3:80")]
    [InlineData("n9", "north", "10.0.0.1:80 10.0.0.2:80 10.0.0.3:80")]
    public void Topology_hints_are_followed_as_kube_proxy_does(string? node, string? zone, string expected) =>
        Assert.Equal(expected, WithHints(node, zone, "east"));

    [Fact]
    public void One_endpoint_without_a_hint_makes_hints_void() =>
        Assert.Equal("10.0.0.1:80 10.0.0.2:80 10.0.0.3:80", WithHints("n1", "east", null));

    private static string WithHints(string? node, string? zone, string? secondZone)
    {
        var room = Room(
            new TranslationOptions { NodeName = node, Zone = zone },
            "web:80",
            Make.Service("web", "80"),
            Make.SliceOf("web", "80", Make.Endpoint("10.0.0.1", forZone: "east", forNode: "n1"), Make.Endpoint("10.0.0.2", forZone: secondZone, forNode: secondZone is null ? null : "n2")),
            Make.SliceOf("web", "80", Make.Endpoint("10.0.0.3", forZone: "west", forNode: "n3")).Named("two"));
        return string.Join(' ', (IEnumerable<Destination>)Single(room).Destinations);
    }

    [Theory]
    [InlineData("http", BackendProtocol.Http)]
    [InlineData("https", BackendProtocol.Https)]
    [InlineData("kubernetes.io/h2c", BackendProtocol.H2c)]
    [InlineData("kubernetes.io/ws", BackendProtocol.Http)]
    [InlineData("kubernetes.io/wss", BackendProtocol.Http1OverTls)]
    [InlineData("grpc", BackendProtocol.H2c)]
    [InlineData("grpcs", BackendProtocol.H2)]
    [InlineData("HTTP2", BackendProtocol.H2)]
    public void The_app_protocol_of_the_port_is_honoured(string appProtocol, BackendProtocol expected)
    {
        var service = Make.Service("web", $"http:80:{appProtocol}");
        Assert.Equal(expected, Single(Room("web:80", service, Make.Slice("web", "http:80", "10.0.0.1"))).Protocol);
    }

    [Fact]
    public void An_unknown_app_protocol_is_http_with_a_warning()
    {
        var room = Room("web:80", Make.Service("web", "http:80:example.com/redis"), Make.Slice("web", "http:80", "10.0.0.1"));
        Assert.Equal(BackendProtocol.Http, Single(room).Protocol);
        Assert.Equal((ProblemCode.AppProtocolUnknown, Severity.Warning), Assert.Single(room.Translation.Problems.Select(problem => (problem.Code, problem.Severity))));
    }

    [Fact]
    public void Session_affinity_by_client_address_is_taken_over()
    {
        var service = Web with { ClientIPAffinity = TimeSpan.FromHours(3) };
        Assert.Equal(TimeSpan.FromHours(3), Single(Room("web:80", service)).ClientIPAffinity);
    }

    [Fact]
    public void An_external_name_is_refused_unless_it_is_allowed()
    {
        var room = Room("ext:80", Make.ExternalName("ext", "example.org", "80"));
        Assert.Equal(ProblemCode.ExternalNameRefused, Single(room).Trouble?.Code);
    }

    [Theory]
    [InlineData("ext:80", "example.org", "80", "example.org:80")]
    [InlineData("ext:web", "Example.ORG.", "web:8443", "example.org:8443")]
    [InlineData("ext:8080", "example.org", "", "example.org:8080")] // lists no ports: the number of the Ingress
    [InlineData("ext:80", "203.0.113.9", "80", "203.0.113.9:80")]
    public void An_external_name_leads_to_its_name_and_port(string backend, string name, string ports, string expected)
    {
        var service = Make.ExternalName("ext", name, ports.Length == 0 ? [] : [ports]);
        var room = Room(new TranslationOptions { AllowExternalNames = true }, backend, service);
        Assert.Equal(expected, string.Join(' ', (IEnumerable<Destination>)Single(room).Destinations));
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("a.localhost")]
    [InlineData("127.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("0.0.0.0")]
    [InlineData("not a name")]
    [InlineData("")]
    public void An_external_name_that_means_this_machine_is_refused_in_a_cluster(string name)
    {
        var options = new TranslationOptions { AllowExternalNames = true };
        Assert.Equal(ProblemCode.ExternalNameRefused, Single(Room(options, "ext:80", Make.ExternalName("ext", name, "80"))).Trouble?.Code);
    }

    [Fact]
    public void From_a_directory_an_external_name_may_mean_this_machine()
    {
        var options = new TranslationOptions { AllowExternalNames = true, AllowLocalTargets = true };
        Assert.Null(Single(Room(options, "ext:80", Make.ExternalName("ext", "localhost", "80"))).Trouble);
    }

    [Fact]
    public void The_port_of_an_external_name_must_be_one_of_those_it_lists()
    {
        var options = new TranslationOptions { AllowExternalNames = true };
        Assert.Equal(ProblemCode.PortNotFound, Single(Room(options, "ext:81", Make.ExternalName("ext", "example.org", "80"))).Trouble?.Code);
        Assert.Equal(ProblemCode.PortNotFound, Single(Room(options, "ext:web", Make.ExternalName("ext", "example.org"))).Trouble?.Code);
    }

    [Fact]
    public void A_resource_backend_answers_in_its_place_and_is_reported()
    {
        var ingress = Make.Ingress("a").WithRule("a.test", "Prefix /", "Prefix /static");
        var paths = ingress.Rules[0].Paths;
        ingress = ingress with { Rules = [new("a.test", [paths[0], paths[1] with { Backend = new(null, new("k8s.example.com", "Bucket", "assets")) }])] };
        var room = RoutingRoom.With(ingress);
        Assert.Equal("a ResourceBackend", room.Answer("a.test", "/static/x"));
        Assert.Equal("spec.rules[0].http.paths[1].backend", Assert.Single(room.Translation.Problems, problem => problem.Code == ProblemCode.ResourceBackend).Field);
    }

    /// <summary>Stored objects may break the rules of the API server that reads them.</summary>
    [Fact]
    public void Objects_that_no_longer_pass_validation_are_survived()
    {
        var ingress = Make.Ingress("a").WithRule("a.test", "Prefix /");
        var path = ingress.Rules[0].Paths[0];
        IngressPath[] broken =
        [
            path with { Path = "/none", Backend = null },
            path with { Path = "/empty", Backend = new(null, null) },
            path with { Path = "/zero", Backend = new(new("web", default), null) },
            path with { Path = "relative" },
            path with { Path = "" },
            path with { Path = null, PathType = PathType.Exact },
            path with { Path = "/untyped", PathType = null },
        ];
        var room = RoutingRoom.With(
            ingress with { Rules = [new("a.test", [path, .. broken])] },
            Make.Ingress("empty"),
            Make.Ingress("good").WithRule("good.test", "Prefix /"));
        Assert.Equal("good web:80", room.Answer("good.test", "/"));
        Assert.Equal("a web:80", room.Answer("a.test", "/"));
        Assert.Equal("a web:80", room.Answer("a.test", "/untyped"));
        Assert.All(["/none", "/empty", "/zero"], target => Assert.Equal("a BackendInvalid", room.Answer("a.test", target)));
        Assert.Equal(3, room.Translation.Problems.Count(problem => problem.Code == ProblemCode.PathInvalid));
    }

    private static string Destinations(string backend, params IResource[] resources) =>
        string.Join(' ', (IEnumerable<Destination>)Single(Room(backend, resources)).Destinations);

    private static Backend Single(RoutingRoom room) => Assert.Single(room.Translation.Model.Backends.Values);

    private static RoutingRoom Room(string backend, params IResource[] resources) => Room(new TranslationOptions(), backend, resources);

    private static RoutingRoom Room(TranslationOptions options, string backend, params IResource[] resources) =>
        RoutingRoom.With(options, [Make.Ingress("a").WithRule("a.test", $"Prefix / {backend}"), .. resources]);
}
