namespace IngressController.Unit.Kubernetes;

/// <summary>Small manifests, so that a test shows only what it is about.</summary>
internal static class Yaml
{
    public static string Ingress(string name = "web", string host = "shop.example.com", string path = "/", string service = "web") => $$"""
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: {{name}}
        spec:
          rules:
          - host: {{host}}
            http:
              paths:
              - path: {{path}}
                pathType: Prefix
                backend:
                  service:
                    name: {{service}}
                    port:
                      number: 80

        """;

    public static string Service(string name = "web", int port = 80) => $$"""
        apiVersion: v1
        kind: Service
        metadata:
          name: {{name}}
        spec:
          ports:
          - port: {{port}}

        """;

    public static string ConfigMap(string name, string value = "x") => $$"""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: {{name}}
        data:
          key: "{{value}}"

        """;

    public static string Documents(params string[] documents) => string.Join("---\n", documents);

    /// <summary>An Ingress with this text, indented as given, behind <c>spec:</c>.</summary>
    public static string IngressWithSpec(string spec) => $"apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: web\nspec:\n{spec}\n";
}
