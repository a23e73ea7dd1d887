namespace IngressController.Unit.App;

/// <summary>A small world: two Ingresses, of which one has a Service that is not there.</summary>
internal static class Manifests
{
    public const string Class =
        """
        apiVersion: networking.k8s.io/v1
        kind: IngressClass
        metadata: { name: yarp }
        spec: { controller: yarp.ingress.kubernetes.io/controller }

        """;

    public const string Web =
        """
        apiVersion: v1
        kind: Service
        metadata: { name: web }
        spec: { ports: [{ port: 80 }] }
        ---
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: { name: web-1, labels: { kubernetes.io/service-name: web } }
        addressType: IPv4
        ports: [{ port: 8080 }]
        endpoints: [{ addresses: [10.0.0.1] }, { addresses: [10.0.0.2] }]

        """;

    public const string Shop =
        """
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: { name: shop }
        spec:
          ingressClassName: yarp
          rules:
            - host: "*.shop.test"
              http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] }

        """;

    public const string Broken =
        """
        # a comment, so that the object does not begin in the first line
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: { name: broken }
        spec:
          ingressClassName: yarp
          rules:
            - host: broken.test
              http: { paths: [{ path: /, pathType: Exact, backend: { service: { name: gone, port: { name: http } } } }] }

        """;

    public const string Secure =
        """
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: { name: secure, annotations: { nginx.ingress.kubernetes.io/auth-tls-secret: default/authorities } }
        spec:
          ingressClassName: yarp
          tls: [{ hosts: [secure.test], secretName: certificate }]
          rules:
            - host: secure.test
              http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] }

        """;
}
