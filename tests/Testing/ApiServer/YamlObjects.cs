using System.Text.Json.Nodes;
using IngressController.Kubernetes.Manifests.Documents;

namespace IngressController.Testing.ApiServer;

/// <summary>The objects of YAML documents as JSON.</summary>
internal static class YamlObjects
{
    public static IEnumerable<JsonObject> Read(string yaml) =>
        YamlComposer.Compose(yaml, 1).Where(document => document.Kind == NodeKind.Map).Select(document => JsonNode.Parse(document.ToJson())!.AsObject());
}
