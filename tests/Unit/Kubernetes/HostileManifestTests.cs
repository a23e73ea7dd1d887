using System.Text;

namespace IngressController.Unit.Kubernetes;

/// <summary>Good manifests, spoilt in many ways: reading never throws and never costs the good file anything.</summary>
public sealed class HostileManifestTests
{
    private const int Seed = 20261121;

    private static readonly string[] Fragments =
    [
        "[", "]", "{", "}", ":", ": ", "- ", "---\n", "...\n", "&a ", "*a", "<<: ", "!!binary ", "!<x> ", "%YAML 1.2\n", "|\n", ">", "'", "\"", "#", "\t", "\0", "\u0085",
        "\uFEFF", "\r", "\n", "null", "~", "true", "1e999", "0x", "-", "?", "? ", "@", "`", "\\ud800", "\"\\ud800\"", "apiVersion: v1\n", "kind: List\n", "items: ", "name: ",
    ];

    [Theory]
    [InlineData("a.yaml")]
    [InlineData("a.json")]
    public void Five_hundred_spoilt_manifests_never_stop_the_good_file(string name)
    {
        var random = new Random(Seed);
        using var folder = new ManifestFolder();
        folder.Write("good.yaml", Yaml.Documents(Yaml.Ingress("good"), Yaml.Service("good")));
        for (var round = 0; round < 500; round++)
        {
            var bytes = Encoding.UTF8.GetBytes(name.EndsWith("json", StringComparison.Ordinal) ? Json : Manifest).ToList();
            for (var i = random.Next(1, 6); i > 0; i--)
            {
                Spoil(bytes, random);
            }

            folder.Write(name, [.. bytes]);
            var reading = folder.Read();

            Assert.True(
                reading.Keys().Contains("Ingress default/good") && reading.Keys().Contains("Service default/good"),
                $"round {round}: {Encoding.UTF8.GetString([.. bytes])}");
            Assert.DoesNotContain(reading.Problems, problem => problem.File == "good.yaml");
            Assert.All(reading.Problems, problem => Assert.NotEmpty(problem.ToString()));
        }
    }

    private static void Spoil(List<byte> bytes, Random random)
    {
        var at = random.Next(bytes.Count + 1);
        var length = Math.Min(random.Next(1, 60), bytes.Count - at);
        switch (random.Next(6))
        {
            case 0:
                bytes.RemoveRange(at, length);
                break;
            case 1:
                bytes.InsertRange(at, bytes.GetRange(at, length));
                break;
            case 2:
                bytes.InsertRange(at, Encoding.UTF8.GetBytes(Fragments[random.Next(Fragments.Length)]));
                break;
            case 3 when at < bytes.Count:
                bytes[at] = (byte)random.Next(256);
                break;
            case 4:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            default:
                bytes.InsertRange(at, Enumerable.Repeat((byte)random.Next(256), random.Next(1, 300)));
                break;
        }
    }

    private const string Manifest = """
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: &meta
          name: web
          labels: {app: web, "quoted": 'x'}
          annotations:
            example.com/text: |
              several
              lines
        spec:
          defaultBackend: {service: {name: web, port: {number: 80}}}
          tls: [{hosts: [a.example.com, "*.example.com"], secretName: tls}]
          rules:
          - host: a.example.com
            http:
              paths:
              - path: /
                pathType: Prefix
                backend: &backend
                  service: {name: web, port: {name: http}}
              - {path: /x, pathType: Exact, backend: *backend}
        ---
        apiVersion: v1
        kind: List
        items:
        - {apiVersion: v1, kind: Service, metadata: {name: web}, spec: {ports: [{port: 0x50, targetPort: http}]}}
        - {apiVersion: v1, kind: Secret, metadata: {name: tls}, type: Opaque, data: {a: YQ==}, stringData: {b: c}}
        - {apiVersion: v1, kind: Endpoints, metadata: {name: web}, subsets: [{addresses: [{ip: 10.0.0.1}]}]}
        ---
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: web-1, creationTimestamp: 2024-01-01T00:00:00Z}
        addressType: IPv4
        endpoints: [{addresses: [10.0.0.1], conditions: {ready: true}, hints: {forZones: [{name: z}]}}]
        ports: [{name: "", port: 80}]

        """;

    private const string Json = """
        {"apiVersion":"v1","kind":"List","items":[
          {"apiVersion":"networking.k8s.io/v1","kind":"Ingress","metadata":{"name":"web","annotations":{"a":"\u00e9"}},"spec":{"rules":[{"host":"a.example.com","http":{"paths":[{"path":"/","pathType":"Prefix","backend":{"service":{"name":"web","port":{"number":80}}}}]}}]}},
          {"apiVersion":"v1","kind":"Service","metadata":{"name":"web"},"spec":{"ports":[{"port":80,"targetPort":"http"}]}},
          {"apiVersion":"networking.k8s.io/v1","kind":"IngressClass","metadata":{"name":"c"},"spec":{"controller":"a.io/b","parameters":null}}
        ]}
        """;
}
