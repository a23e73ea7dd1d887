using IngressController.Cluster;
using IngressController.Cluster.Resources;
using TypedReference = IngressController.Cluster.Resources.TypedReference;

namespace IngressController.Unit.Kubernetes;

/// <summary>From the API's JSON to the cluster's values: defaults, nulls and what is not read.</summary>
public sealed class DefaultsTests
{
    private static T Read<T>(string json)
        where T : IResource => ManifestFolder.ReadText(json, "a.json").Single<T>();

    [Fact]
    public void An_object_as_the_API_server_answers_it_is_read_with_status_and_without_managedFields()
    {
        var ingress = Read<Ingress>("""
            {"kind":"Ingress","apiVersion":"networking.k8s.io/v1","metadata":{"name":"web","namespace":"shop","uid":"d332","resourceVersion":"257",
             "generation":1,"creationTimestamp":"2026-11-21T05:56:55Z","labels":{"app":"web"},"annotations":{"a":"b"},
             "managedFields":[{"manager":"curl","fieldsV1":{"f:spec":{"f:rules":{}}}}]},
             "spec":{"ingressClassName":"yarp","tls":[{"hosts":["web.example.com"],"secretName":"web-tls"}],
             "rules":[{"host":"web.example.com","http":{"paths":[{"path":"/","pathType":"Exact","backend":{"service":{"name":"web","port":{"name":"http"}}}}]}}]},
             "status":{"loadBalancer":{"ingress":[{"ip":"192.0.2.10","ports":[{"port":80,"protocol":"TCP"}]},{"hostname":"lb.example.com"}]}}}
            """);

        Assert.Equal(new NamespacedName("shop", "web"), ingress.Metadata.Name);
        Assert.Equal(("d332", new DateTimeOffset(2026, 11, 21, 5, 56, 55, TimeSpan.Zero)), (ingress.Metadata.Uid, ingress.Metadata.CreationTimestamp));
        Assert.Equal("yarp", ingress.ClassName);
        Assert.Equal([new IngressTls(["web.example.com"], "web-tls")], ingress.Tls);
        Assert.Equal([new LoadBalancerAddress("192.0.2.10", null, [new(80, "TCP", null)]), new LoadBalancerAddress(null, "lb.example.com")], ingress.Addresses);
        var backend = new IngressBackend(new ServiceBackend("web", new PortReference("http", 0)), null);
        Assert.Equal([new IngressRule("web.example.com", [new IngressPath("/", PathType.Exact, backend)])], ingress.Rules);
    }

    [Fact]
    public void A_missing_or_empty_namespace_is_default_and_cluster_scoped_objects_have_none()
    {
        Assert.Equal("default", Read<ConfigMap>("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","namespace":""}}""").Metadata.Name.Namespace);
        Assert.Equal("", Read<Namespace>("""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"a","namespace":"b"}}""").Metadata.Name.Namespace);
        Assert.Equal(DateTimeOffset.MinValue, Read<ConfigMap>("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}""").Metadata.CreationTimestamp);
    }

    [Fact]
    public void A_Namespace_with_a_deletion_time_is_terminating()
    {
        Assert.True(Read<Namespace>("""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"a","deletionTimestamp":"2026-11-21T05:56:55Z"}}""").Metadata.IsTerminating);
        Assert.False(Read<Namespace>("""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"a","deletionTimestamp":null}}""").Metadata.IsTerminating);
    }

    [Fact]
    public void Null_lists_null_elements_null_maps_and_null_objects_are_empty_values()
    {
        var slice = Read<EndpointSlice>("""{"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice","metadata":{"name":"a","labels":null},"addressType":"IPv4","endpoints":null,"ports":[null]}""");
        Assert.Equal([new EndpointPort("", null, "TCP", null)], slice.Ports);
        Assert.Null(slice.ServiceName);

        var ingress = Read<Ingress>("""{"apiVersion":"networking.k8s.io/v1","kind":"Ingress","metadata":{"name":"a","annotations":{"x":null}},"spec":{"rules":[null,{"host":"a.example.com","http":null}],"tls":[null]},"status":{"loadBalancer":{"ingress":[null]}}}""");
        Assert.Equal([new IngressRule(null, default), new IngressRule("a.example.com", default)], ingress.Rules);
        Assert.Equal([new IngressTls(default, null)], ingress.Tls);
        Assert.Equal("", ingress.Metadata.Annotations.GetValueOrDefault("x"));
    }

    [Fact]
    public void A_Service_gets_the_defaults_of_the_API()
    {
        var service = Read<Service>("""{"apiVersion":"v1","kind":"Service","metadata":{"name":"a"},"spec":{"ports":[{"port":80}],"sessionAffinity":"ClientIP"}}""");

        Assert.Equal(ServiceType.ClusterIP, service.Type);
        Assert.Equal([new ServicePort("", 80, "TCP", null)], service.Ports);
        Assert.Equal(TimeSpan.FromSeconds(10800), service.ClientIPAffinity);
        Assert.Empty(service.ClusterIPs);
        Assert.Null(Read<Service>("""{"apiVersion":"v1","kind":"Service","metadata":{"name":"a"},"spec":{"ports":[{"port":80}]}}""").ClientIPAffinity);
    }

    [Fact]
    public void A_Service_keeps_everything_that_it_says()
    {
        var service = Read<Service>("""
            {"apiVersion":"v1","kind":"Service","metadata":{"name":"a"},"spec":{"type":"LoadBalancer","clusterIP":"10.0.0.1","ipFamilies":["IPv6","IPv4"],
             "externalIPs":["192.0.2.1"],"sessionAffinity":"ClientIP","sessionAffinityConfig":{"clientIP":{"timeoutSeconds":60}},
             "ports":[{"name":"http","port":80,"protocol":"TCP","appProtocol":"kubernetes.io/h2c","targetPort":"web","nodePort":30000},{"name":"dns","port":53,"protocol":"UDP","targetPort":5353}]},
             "status":{"loadBalancer":{"ingress":[{"ip":"192.0.2.2","ipMode":"VIP"}]}}}
            """);

        Assert.Equal(
            new Service(
                new Metadata("default", "a"),
                ServiceType.LoadBalancer,
                [new ServicePort("http", 80, "TCP", "kubernetes.io/h2c"), new ServicePort("dns", 53, "UDP", null)],
                ["10.0.0.1"],
                [AddressType.IPv6, AddressType.IPv4],
                null,
                TimeSpan.FromSeconds(60),
                ["192.0.2.1"],
                [new LoadBalancerAddress("192.0.2.2", null)]),
            service);
    }

    [Fact]
    public void An_endpoint_without_conditions_is_ready_serving_and_not_terminating_and_only_its_first_address_counts()
    {
        var slice = Read<EndpointSlice>("""
            {"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice","metadata":{"name":"a","labels":{"kubernetes.io/service-name":"web"}},"addressType":"IPv4",
             "ports":[{"name":"http","port":8080,"appProtocol":"http"}],
             "endpoints":[{"addresses":["10.0.0.1","10.0.0.9"]},
              {"addresses":["10.0.0.2"],"conditions":{"ready":false,"serving":null,"terminating":true},"nodeName":"n","zone":"z","hints":{"forZones":[{"name":"z"}],"forNodes":[{"name":"n"}]}}]}
            """);

        Assert.Equal("web", slice.ServiceName);
        Assert.Equal([new EndpointPort("http", 8080, "TCP", "http")], slice.Ports);
        Assert.Equal(
            [
                new Endpoint("10.0.0.1", true, true, false, null, null, default, default),
                new Endpoint("10.0.0.2", false, true, true, "n", "z", ["z"], ["n"]),
            ],
            slice.Endpoints);
    }

    [Fact]
    public void A_v1beta1_EndpointSlice_has_its_zone_and_node_in_topology()
    {
        var slice = Read<EndpointSlice>("""
            {"apiVersion":"discovery.k8s.io/v1beta1","kind":"EndpointSlice","metadata":{"name":"a"},"addressType":"IPv6",
             "endpoints":[{"addresses":["2001:db8::1"],"topology":{"kubernetes.io/hostname":"n","topology.kubernetes.io/zone":"z"}}]}
            """);

        Assert.Equal((AddressType.IPv6, "n", "z"), (slice.AddressType, slice.Endpoints[0].NodeName, slice.Endpoints[0].Zone));
    }

    [Theory]
    [InlineData("networking.k8s.io/v1beta1")]
    [InlineData("extensions/v1beta1")]
    public void A_v1beta1_Ingress_means_what_its_v1_form_means(string version)
    {
        var ingress = ManifestFolder.ReadText($$$"""
            apiVersion: {{{version}}}
            kind: Ingress
            metadata: {name: a}
            spec:
              backend: {serviceName: all, servicePort: http}
              rules:
              - http:
                  paths:
                  - path: /x
                    backend: {serviceName: web, servicePort: 80}
                  - path: /y
                    pathType: Prefix
                    backend: {resource: {apiGroup: example.com, kind: Bucket, name: b}}
            """).Single<Ingress>();

        Assert.Equal(new ServiceBackend("all", new PortReference("http", 0)), ingress.DefaultBackend?.Service);
        Assert.Equal(
            [
                new IngressPath("/x", PathType.ImplementationSpecific, new IngressBackend(new ServiceBackend("web", new PortReference(null, 80)), null)),
                new IngressPath("/y", PathType.Prefix, new IngressBackend(null, new TypedReference("example.com", "Bucket", "b"))),
            ],
            ingress.Rules[0].Paths);
    }

    [Fact]
    public void An_IngressClass_is_default_by_its_annotation()
    {
        const string Json = """{"apiVersion":"networking.k8s.io/v1","kind":"IngressClass","metadata":{"name":"a","annotations":{"ingressclass.kubernetes.io/is-default-class":"true"}},"spec":{"controller":"example.com/c","parameters":{"apiGroup":"example.com","kind":"K","name":"n","scope":"Namespace","namespace":"x"}}}""";

        Assert.Equal(("example.com/c", true), (Read<IngressClass>(Json).Controller, Read<IngressClass>(Json).IsDefault));
        Assert.False(Read<IngressClass>(Json.Replace("\"true\"", "\"false\"", StringComparison.Ordinal)).IsDefault);
    }

    [Fact]
    public void stringData_wins_over_data_in_a_Secret()
    {
        var secret = Read<Secret>("""{"apiVersion":"v1","kind":"Secret","metadata":{"name":"a"},"data":{"a":"aGVs\nbG8=","b":"Yg==","c":null},"stringData":{"b":"plain é"}}""");

        Assert.Equal("Opaque", secret.Type);
        Assert.Equal("hello"u8.ToArray(), secret.Data.GetValueOrDefault("a"));
        Assert.Equal("plain é"u8.ToArray(), secret.Data.GetValueOrDefault("b"));
        Assert.Equal(3, secret.Data.Count);
    }
}
