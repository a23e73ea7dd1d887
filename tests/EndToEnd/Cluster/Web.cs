using IngressController.Testing;

namespace IngressController.EndToEnd.Cluster;

/// <summary>Objects that lead requests to a backend, as YAML documents that can be strung together.</summary>
internal static class Web
{
    /// <summary>A Service without a selector: the endpoints of others are left alone by a real cluster's controllers.</summary>
    public static string Service(string name, int port) => $$$"""
        {apiVersion: v1, kind: Service, metadata: {name: {{{name}}}}, spec: {ports: [{port: 80}]}}
        ---
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: {{{name}}}-1, labels: {kubernetes.io/service-name: {{{name}}}}}
        addressType: IPv4
        endpoints: [{addresses: [{{{OwnAddress.Value}}}], conditions: {ready: true}}]
        ports: [{name: "", port: {{{port}}}, protocol: TCP}]
        ---

        """;

    public static string Ingress(string name, string className, string host, string service = "web") => $$$$$"""
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: {{{{{name}}}}}}
        spec:
          ingressClassName: {{{{{className}}}}}
          rules:
          - host: {{{{{host}}}}}
            http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: {{{{{service}}}}}, port: {number: 80}}}}]}
        ---

        """;

    public static bool IsOk(string answer) => answer.StartsWith("200 ", StringComparison.Ordinal);

    public static bool IsNotFound(string answer) => answer.StartsWith("404 ", StringComparison.Ordinal);

    /// <summary>By the backend of that name.</summary>
    public static Predicate<string> IsFrom(string backend) => answer => answer.StartsWith($$"""200 {"backend":"{{backend}}",""", StringComparison.Ordinal);
}
