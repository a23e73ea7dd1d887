using System.Text.Json.Nodes;
using IngressController.Kubernetes.Manifests.Documents;

namespace IngressController.EndToEnd.Chart;

/// <summary>The objects that a chart became.</summary>
internal sealed record Rendering(IReadOnlyList<JsonObject> Objects)
{
    /// <param name="yaml">Documents; those that hold nothing are left out.</param>
    public static Rendering Of(string yaml) => new([.. YamlComposer.Compose(yaml, 1)
        .Where(document => document.Kind != NodeKind.Null)
        .Select(document => JsonNode.Parse(document.ToJson())!.AsObject())]);

    /// <summary>The objects of a kind.</summary>
    public IEnumerable<JsonObject> All(string kind) => Objects.Where(item => (string?)item["kind"] == kind);

    /// <summary>The only object of a kind.</summary>
    public JsonObject One(string kind) => Assert.Single(All(kind));

    /// <summary>The object of a kind and name.</summary>
    public JsonObject One(string kind, string name) => Assert.Single(All(kind), item => (string?)item["metadata"]!["name"] == name);

    /// <summary>The spec of the pods.</summary>
    public JsonObject Pod() => Assert.Single([.. All("Deployment"), .. All("DaemonSet")])["spec"]!["template"]!["spec"]!.AsObject();

    /// <summary>The controller's container.</summary>
    public JsonObject Container() => Assert.Single(Pod()["containers"]!.AsArray(), item => (string?)item!["name"] == "controller")!.AsObject();

    /// <summary>The command line of the controller.</summary>
    public IEnumerable<string> Arguments() => Container()["args"]!.AsArray().Select(argument => (string)argument!);
}
