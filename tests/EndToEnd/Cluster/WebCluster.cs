using IngressController.Testing;

namespace IngressController.EndToEnd.Cluster;

/// <summary>The objects of a cluster in which an Ingress leads to a backend of a test.</summary>
internal static class WebCluster
{
    public const string Class = "{apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: {name: yarp}, spec: {controller: yarp.ingress.kubernetes.io/controller}}\n---\n";

    /// <summary>An Ingress for <c>a.example.com</c>, and the Service of every Ingress of <see cref="ReadCluster.Ingress"/>.</summary>
    /// <param name="port">Of the backend, at <see cref="OwnAddress"/>.</param>
    public static string Objects(int port) => ReadCluster.Ingress("a") + Class + $$$"""
        {apiVersion: v1, kind: Service, metadata: {name: web}, spec: {ports: [{port: 80}]}}
        ---
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: web-1, labels: {kubernetes.io/service-name: web}}
        addressType: IPv4
        endpoints: [{addresses: [{{{OwnAddress.Value}}}], conditions: {ready: true}}]
        ports: [{name: "", port: {{{port}}}, protocol: TCP}]
        """;
}
