using IngressController.Testing.Tls;

namespace IngressController.Browser.Worlds;

/// <summary>Manifests in a few words.</summary>
internal static class Manifests
{
    public const string Class =
        """
        apiVersion: networking.k8s.io/v1
        kind: IngressClass
        metadata: { name: yarp }
        spec: { controller: yarp.ingress.kubernetes.io/controller }
        """;

    /// <summary>A Service with destinations on 127.0.0.1, 127.0.0.2 and so on.</summary>
    public static string Service(string place, string name, params int[] ports) =>
        $$"""
        apiVersion: v1
        kind: Service
        metadata: { namespace: {{place}}, name: {{name}} }
        spec: { ports: [{ name: http, port: 80 }] }
        """ + string.Concat(ports.Select((port, index) =>
        $$"""

        ---
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: { namespace: {{place}}, name: {{name}}-{{index}}, labels: { kubernetes.io/service-name: {{name}} } }
        addressType: IPv4
        ports: [{ name: http, port: {{port}} }]
        endpoints: [{ addresses: [127.0.0.{{index + 1}}], zone: zone-{{index}} }]
        """));

    /// <param name="paths">Each to a Service: <c>/cart=cart</c>.</param>
    /// <param name="tls">As in YAML's flow style: <c>{ hosts: [a.test], secretName: a }</c>.</param>
    /// <param name="annotations">As in YAML's flow style.</param>
    public static string Ingress(string place, string name, string host, IEnumerable<string> paths, string tls = "", string annotations = "") =>
        $$"""
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: { namespace: {{place}}, name: {{name}}, annotations: { {{annotations}} } }
        spec:
          ingressClassName: yarp
          tls: [{{tls}}]
          rules: [{{Rule(host, paths)}}]
        """;

    /// <summary>Many hosts in one object, each leading to one Service.</summary>
    /// <param name="tls">As in YAML's flow style.</param>
    public static string Ingress(string place, string name, IEnumerable<string> hosts, string service, IEnumerable<string> tls) =>
        $$"""
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: { namespace: {{place}}, name: {{name}} }
        spec: { ingressClassName: yarp, tls: [{{string.Join(", ", tls)}}], rules: [{{string.Join(", ", hosts.Select(host => Rule(host, [$"/={service}"])))}}] }
        """;

    /// <summary>Many Secrets with the same certificate.</summary>
    public static string Secrets(string place, IEnumerable<string> names, TestCertificate certificate) =>
        "apiVersion: v1\nkind: List\nitems:" + string.Concat(names.Select((name, index) => $"\n- {{ apiVersion: v1, kind: Secret, metadata: {{ namespace: {place}, name: {name} }}, type: kubernetes.io/tls, data: "
            + (index > 0 ? "*pair }" : $"&pair {{ tls.crt: {TestCertificate.Base64(certificate.Pem)}, tls.key: {TestCertificate.Base64(certificate.KeyPem)} }} }}")));

    private static string Rule(string host, IEnumerable<string> paths) =>
        $$"""{ host: "{{host}}", http: { paths: [{{string.Join(", ", paths.Select(path => path.Split('=')).Select(path => Path(path[0], path[1])))}}] } }""";

    private static string Path(string path, string service) =>
        $$"""{ path: "{{path}}", pathType: Prefix, backend: { service: { name: {{service}}, port: { number: 80 } } } }""";
}
