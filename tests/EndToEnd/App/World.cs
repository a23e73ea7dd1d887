namespace IngressController.EndToEnd.App;

/// <summary>Manifests in a few words.</summary>
internal static class World
{
    public const string Class =
        """
        apiVersion: networking.k8s.io/v1
        kind: IngressClass
        metadata: { name: yarp }
        spec: { controller: yarp.ingress.kubernetes.io/controller }
        """;

    public static string Service(string name, int port, string endpoints = "{ addresses: [127.0.0.1] }") =>
        $$"""
        apiVersion: v1
        kind: Service
        metadata: { name: {{name}} }
        spec: { ports: [{ name: http, port: 80 }] }
        ---
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: { name: {{name}}-1, labels: { kubernetes.io/service-name: {{name}} } }
        addressType: IPv4
        ports: [{ name: http, port: {{port}} }]
        endpoints: [{{endpoints}}]
        """;

    public static string Ingress(string name, string host, string path, string service) =>
        $$"""
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: { name: {{name}} }
        spec:
          ingressClassName: yarp
          rules:
            - host: {{host}}
              http: { paths: [{ path: {{path}}, pathType: Prefix, backend: { service: { name: {{service}}, port: { number: 80 } } } }] }
        """;
}
