using System.Text;
using System.Text.Json.Nodes;
using IngressController.Testing.ApiServer.Storage;

namespace IngressController.Testing.ApiServer.Writing;

/// <summary>What the server fills in when an object is written.</summary>
internal static class Defaults
{
    private const string DefaultClass = "ingressclass.kubernetes.io/is-default-class";

    /// <summary>As the object is decoded: as if its writer had said it.</summary>
    public static void Decode(ApiResource resource, JsonObject body)
    {
        if (resource.Kind == "Secret")
        {
            body["type"] ??= "Opaque";
        }

        if (resource.Kind != "Service")
        {
            return;
        }

        var spec = (body["spec"] ??= new JsonObject()).AsObject();
        spec["type"] ??= "ClusterIP";
        spec["sessionAffinity"] ??= "None";
        if ((string?)spec["type"] != "ExternalName")
        {
            spec["internalTrafficPolicy"] ??= "Cluster";
        }

        foreach (var port in spec["ports"]?.AsArray() ?? [])
        {
            port!["protocol"] ??= "TCP";
            port["targetPort"] ??= port["port"]?.DeepClone();
        }
    }

    /// <summary>As it is stored.</summary>
    public static void Fill(ApiResource resource, JsonObject body, Revision latest)
    {
        switch (resource.Kind)
        {
            case "Ingress":
                body["status"] ??= new JsonObject { ["loadBalancer"] = new JsonObject() };
                break;
            case "Service":
                ServiceAddresses.Allocate(body, latest);
                body["status"] ??= new JsonObject { ["loadBalancer"] = new JsonObject() };
                break;
            case "Secret":
                FillSecret(body);
                break;
            case "Event":
                body["regarding"] ??= new JsonObject();
                body["deprecatedSource"] ??= new JsonObject();
                Null(body, "deprecatedFirstTimestamp", "deprecatedLastTimestamp");
                break;
            case "Namespace":
                var metadata = body["metadata"]!.AsObject();
                metadata["labels"] ??= new JsonObject();
                metadata["labels"]!["kubernetes.io/metadata.name"] = (string?)metadata["name"];
                body["spec"] ??= new JsonObject { ["finalizers"] = new JsonArray("kubernetes") };
                body["status"] ??= new JsonObject { ["phase"] = "Active" };
                break;
        }
    }

    /// <summary>The DefaultIngressClass admission plugin: only at creation; of several defaults the youngest, then the first by name.</summary>
    public static void Admit(ApiResource resource, JsonObject body, Revision latest)
    {
        var isClassless = resource.Kind == "Ingress" && body["spec"]?["ingressClassName"] is null && body["metadata"]?["annotations"]?["kubernetes.io/ingress.class"] is null;
        var name = isClassless
            ? latest.List(ApiResource.OfKind("IngressClass"), "").Select(item => item.ToJson()["metadata"]!)
                .Where(metadata => (string?)metadata["annotations"]?[DefaultClass] == "true")
                .OrderByDescending(metadata => (string?)metadata["creationTimestamp"], StringComparer.Ordinal).ThenBy(metadata => (string?)metadata["name"], StringComparer.Ordinal)
                .Select(metadata => (string?)metadata["name"]).FirstOrDefault()
            : null;
        if (name is not null && body["spec"] is JsonObject spec)
        {
            spec["ingressClassName"] = name;
        }
    }

    private static void FillSecret(JsonObject body)
    {
        foreach (var (key, value) in body["stringData"]?.AsObject().ToList() ?? [])
        {
            (body["data"] ??= new JsonObject())[key] = Convert.ToBase64String(Encoding.UTF8.GetBytes((string?)value ?? ""));
        }

        body.Remove("stringData");
    }

    private static void Null(JsonObject body, params string[] fields)
    {
        foreach (var field in fields.Where(field => !body.ContainsKey(field)))
        {
            body[field] = null;
        }
    }
}
