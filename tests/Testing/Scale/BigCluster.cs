using System.Globalization;
using System.Text.Json.Nodes;
using IngressController.Testing.ApiServer;

namespace IngressController.Testing.Scale;

/// <summary>
/// A cluster as people have it: objects applied by kubectl, with labels, last-applied annotations and (by the server) managedFields, slices as the
/// endpoint controller writes them. Deterministic.
/// </summary>
public sealed class BigCluster(FakeApiServer server, ClusterSize size)
{
    private const int EndpointsPerSlice = 100;
    private const int EndpointsOfLargeServices = 255;
    private const int LargeServiceInterval = 50;

    private static readonly string[] Zones = ["eu-central-1a", "eu-central-1b", "eu-central-1c"];

    private readonly List<JsonObject> slices = [];
    private int madeEndpoints;

    /// <summary>Puts every object into the server.</summary>
    public void Create()
    {
        server.Apply("{apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: {name: yarp}, spec: {controller: yarp.ingress.kubernetes.io/controller}}");
        foreach (var item in Services().Concat(Slices()).Concat(TlsSecrets()).Concat(Ingresses()))
        {
            server.Apply(item);
        }

        server.CompactHistory();
    }

    /// <summary>A pod becomes unready, or ready again, somewhere in the cluster.</summary>
    /// <param name="index">Consecutive numbers meet consecutive slices.</param>
    public void ChangeEndpoint(int index)
    {
        var slice = slices[index % slices.Count];
        var conditions = slice["endpoints"]![0]!["conditions"]!;
        var isReady = !(bool)conditions["ready"]!;
        conditions["ready"] = isReady;
        conditions["serving"] = isReady;
        server.Apply(slice);
    }

    private IEnumerable<JsonObject> Services() => Enumerable.Range(0, size.Services).Select(index => Parse($$"""
        {
          "apiVersion": "v1", "kind": "Service",
          "metadata": {
            "name": "{{ServiceName(index)}}", "namespace": "{{Namespace(index)}}", "labels": {{Labels(ServiceName(index))}},
            "annotations": { "meta.helm.sh/release-name": "{{ServiceName(index)}}", "meta.helm.sh/release-namespace": "{{Namespace(index)}}" }
          },
          "spec": {
            "type": "ClusterIP", "clusterIP": "10.96.{{index >> 8}}.{{index & 255}}",
            "ports": [
              { "name": "http", "port": 80, "protocol": "TCP", "targetPort": "http" },
              { "name": "metrics", "port": 9090, "protocol": "TCP", "targetPort": "metrics" }
            ],
            "selector": { "app.kubernetes.io/name": "{{ServiceName(index)}}", "app.kubernetes.io/instance": "{{ServiceName(index)}}" }
          }
        }
        """));

    private IEnumerable<JsonObject> Slices()
    {
        var large = size.Services / LargeServiceInterval;
        var few = (size.Endpoints - (large * EndpointsOfLargeServices)) / (size.Services - large);
        for (var service = 0; service < size.Services; service++)
        {
            var left = service % LargeServiceInterval == 0 ? EndpointsOfLargeServices : few;
            for (; left > 0; left -= EndpointsPerSlice)
            {
                var slice = Slice(service, Math.Min(left, EndpointsPerSlice));
                slices.Add(slice);
                yield return slice;
            }
        }
    }

    private JsonObject Slice(int service, int endpoints) => Parse($$"""
        {
          "apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice",
          "metadata": {
            "name": "{{ServiceName(service)}}-{{slices.Count:x5}}", "generateName": "{{ServiceName(service)}}-", "namespace": "{{Namespace(service)}}",
            "labels": {
              "app.kubernetes.io/name": "{{ServiceName(service)}}", "app.kubernetes.io/instance": "{{ServiceName(service)}}",
              "app.kubernetes.io/managed-by": "Helm", "helm.sh/chart": "web-1.4.2",
              "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io", "kubernetes.io/service-name": "{{ServiceName(service)}}"
            },
            "annotations": { "endpoints.kubernetes.io/last-change-trigger-time": "2026-05-04T10:{{service % 60:00}}:00Z" },
            "ownerReferences": [{
              "apiVersion": "v1", "kind": "Service", "name": "{{ServiceName(service)}}", "uid": "{{Uid(1, service)}}", "controller": true, "blockOwnerDeletion": true
            }]
          },
          "addressType": "IPv4",
          "ports": [{ "name": "http", "port": 8080, "protocol": "TCP" }, { "name": "metrics", "port": 9100, "protocol": "TCP" }],
          "endpoints": [{{string.Join(", ", Enumerable.Range(0, endpoints).Select(_ => Endpoint(service, madeEndpoints++)))}}]
        }
        """);

    private string Endpoint(int service, int index) => $$"""
        {
          "addresses": ["10.{{64 + (index >> 16)}}.{{(index >> 8) & 255}}.{{index & 255}}"],
          "conditions": { "ready": true, "serving": true, "terminating": false },
          "nodeName": "ip-10-0-{{index % 500 / 250}}-{{index % 250}}.eu-central-1.compute.internal", "zone": "{{Zones[index % Zones.Length]}}",
          "targetRef": { "kind": "Pod", "namespace": "{{Namespace(service)}}", "name": "{{ServiceName(service)}}-7d4b9c6f58-{{index:x5}}", "uid": "{{Uid(2, index)}}" }
        }
        """;

    /// <summary>About 5 kB each: a chain of two certificates and a key.</summary>
    private IEnumerable<JsonObject> TlsSecrets() => Enumerable.Range(0, size.TlsSecrets).Select(index => Parse($$"""
        {
          "apiVersion": "v1", "kind": "Secret", "type": "kubernetes.io/tls",
          "metadata": {
            "name": "{{SecretName(index)}}", "namespace": "{{Namespace(index)}}",
            "annotations": { "cert-manager.io/certificate-name": "{{SecretName(index)}}", "cert-manager.io/common-name": "web{{index}}.example.com" }
          },
          "data": { "tls.crt": "{{Pseudo(index, 2_600)}}", "tls.key": "{{Pseudo(~index, 1_100)}}" }
        }
        """));

    private IEnumerable<JsonObject> Ingresses() => Enumerable.Range(0, size.Ingresses).Select(index =>
    {
        var wanted = Parse($$"""
            {
              "apiVersion": "networking.k8s.io/v1", "kind": "Ingress",
              "metadata": {
                "name": "web-{{index}}", "namespace": "{{Namespace(index)}}", "labels": {{Labels($"web-{index}")}},
                "annotations": { "cert-manager.io/cluster-issuer": "letsencrypt", "nginx.ingress.kubernetes.io/proxy-read-timeout": "{{(index % 3 == 0 ? 300 : 60)}}" }
              },
              "spec": {
                "ingressClassName": "yarp",
                "rules": [{{string.Join(", ", Hosts(index).Select(host => Rule(index, host)))}}],
                "tls": [{ "hosts": [{{string.Join(", ", Hosts(index).Select(host => $"\"{host}\""))}}], "secretName": "{{SecretName(index % size.TlsSecrets)}}" }]
              }
            }
            """);
        wanted["metadata"]!["annotations"]!["kubectl.kubernetes.io/last-applied-configuration"] = wanted.ToJsonString() + "\n";
        return wanted;
    });

    private IEnumerable<string> Hosts(int ingress) => new[] { $"web{ingress}.example.com", $"www.web{ingress}.example.com" }.Take(size.HostsOfIngress);

    /// <summary>Services of the Ingress's own namespace.</summary>
    private string Rule(int ingress, string host)
    {
        var paths = new[] { "/", "/api", "/assets" }.Select((path, index) => $$"""
            {
              "path": "{{path}}", "pathType": "Prefix",
              "backend": { "service": { "name": "{{ServiceName((ingress + (index * size.Namespaces)) % size.Services)}}", "port": { "name": "http" } } }
            }
            """);
        return $$"""{ "host": "{{host}}", "http": { "paths": [{{string.Join(", ", paths)}}] } }""";
    }

    private static string Labels(string name) => $$"""
        { "app.kubernetes.io/name": "{{name}}", "app.kubernetes.io/instance": "{{name}}", "app.kubernetes.io/managed-by": "Helm", "helm.sh/chart": "web-1.4.2" }
        """;

    private string Namespace(int index) => $"team-{index % size.Namespaces:000}";

    private static string ServiceName(int index) => $"service-{index:0000}";

    private static string SecretName(int index) => $"web{index}-tls";

    private static string Uid(int kind, int index) => $"{kind:x8}-0000-4000-8000-{index:x12}";

    private static string Pseudo(int seed, int length)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return Convert.ToBase64String(bytes);
    }

    private static JsonObject Parse([System.Diagnostics.CodeAnalysis.StringSyntax("Json")] FormattableString json) =>
        JsonNode.Parse(json.ToString(CultureInfo.InvariantCulture))!.AsObject();
}
