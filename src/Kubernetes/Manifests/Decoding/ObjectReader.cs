using IngressController.Cluster;
using IngressController.Kubernetes.Manifests.Documents;
using IngressController.Kubernetes.Manifests.Validation;
using IngressController.Kubernetes.Wire;

namespace IngressController.Kubernetes.Manifests.Decoding;

/// <summary>Collects the objects of one file, document by document.</summary>
internal sealed class ObjectReader(string file)
{
    private readonly List<ManifestObject> objects = [];
    private readonly HashSet<ManifestId> refused = [];
    private readonly List<Problem> problems = [];
    private bool isComplete = true;

    public FileReading ToReading() => new(objects, refused, isComplete, problems);

    /// <summary>Something stands in the file that could not be read so far as to know which object it is.</summary>
    public void Lose(ProblemCode code, int line, string message, string cure = "")
    {
        isComplete = false;
        problems.Add(new(code, Severity.Error, Object: null, Field: "", message, cure, file, line));
    }

    public void Read(Node document)
    {
        if (document.Kind != NodeKind.Null)
        {
            Read(document, apiVersion: null, kind: null);
        }
    }

    /// <param name="apiVersion">Of an element of a typed list, which need not say it itself.</param>
    private void Read(Node node, string? apiVersion, string? kind)
    {
        if (node.Kind != NodeKind.Map)
        {
            Lose(ProblemCode.Invalid, node.Line, "the document is not an object with apiVersion and kind");
            return;
        }

        apiVersion = node.FindText("apiVersion").NullIfEmpty() ?? apiVersion;
        kind = node.FindText("kind").NullIfEmpty() ?? kind;
        if (apiVersion is null || kind is null)
        {
            Lose(ProblemCode.Invalid, node.Line, $"Object '{(kind is null ? "Kind" : "apiVersion")}' is missing");
        }
        else if (ManifestKind.Find(apiVersion, kind) is { } known)
        {
            ReadObject(node, kind, known);
        }
        else if (ManifestKind.IsMistaken(apiVersion, kind))
        {
            Refuse(node, ManifestKind.IsOurs(kind) ? IdOf(node, kind, isNamespaced: kind is not ("IngressClass" or "Namespace")) : null, $"no matches for kind \"{kind}\" in version \"{apiVersion}\"");
        }
        else if (kind.EndsWith("List", StringComparison.Ordinal))
        {
            ReadList(node, apiVersion, kind[..^"List".Length]);
        }
    }

    private void ReadList(Node node, string apiVersion, string kind)
    {
        var isMixed = apiVersion == "v1" && kind.Length == 0;
        if (!isMixed && ManifestKind.Find(apiVersion, kind) is null)
        {
            return;
        }

        var items = node.Find("items")?.Value;
        if (items is not (null or { Kind: NodeKind.Null or NodeKind.List }))
        {
            Lose(ProblemCode.Invalid, items.Line, "items of a list must be a list");
            return;
        }

        foreach (var item in items?.Items ?? [])
        {
            if (isMixed)
            {
                Read(item, apiVersion: null, kind: null);
            }
            else
            {
                Read(item, apiVersion, kind);
            }
        }
    }

    private void ReadObject(Node node, string kind, ManifestKind known)
    {
        var errors = new FieldErrors();
        var resources = known.Read(node, errors).ToEquatableArray();
        var id = IdOf(node, kind, known.IsNamespaced);
        var hosts = errors.IsRefused ? HostsOf(node, kind) : [];
        foreach (var error in errors.Errors)
        {
            // Without a key the problem's own line says neither object nor field.
            var message = id?.Key is null ? $"{kind} {(id is null ? "" : $"{id.Value.Name} ")}{error.Path}: {error.Message}" : error.Message;
            problems.Add(new(
                ProblemCode.Invalid, error.Severity, id?.Key, error.Path.ToString(), Shorten(message), error.Cure, file, node.LineOf(error.At), hosts));
        }

        if (errors.IsRefused || id is null)
        {
            Lose(id);
        }
        else
        {
            objects.Add(new(id.Value, new Origin(file, node.Line), resources));
        }
    }

    private void Refuse(Node node, ManifestId? id, string message)
    {
        problems.Add(new(ProblemCode.Invalid, Severity.Error, id?.Key, Field: "", message, File: file, Line: node.LineOf(FieldPath.Root.Child("apiVersion")), Hosts: HostsOf(node, node.FindText("kind"))));
        Lose(id);
    }

    private void Lose(ManifestId? id)
    {
        if (id is { } known)
        {
            refused.Add(known);
        }
        else
        {
            isComplete = false;
        }
    }

    /// <summary>Null where the object has no readable name.</summary>
    private static ManifestId? IdOf(Node node, string kind, bool isNamespaced)
    {
        if (node.Find("metadata")?.Value is not { } metadata || metadata.FindText("name").NullIfEmpty() is not { } name)
        {
            return null;
        }

        return new(kind, new NamespacedName(isNamespaced ? metadata.FindText("namespace").NullIfEmpty() ?? "default" : "", name));
    }

    /// <summary>What can be made out of an Ingress that is refused.</summary>
    private static EquatableArray<string> HostsOf(Node node, string? kind)
    {
        if (kind != nameof(ResourceKind.Ingress))
        {
            return [];
        }

        var rules = node.Find("spec")?.Value.Find("rules")?.Value.Items ?? [];
        return rules.Count == 0 ? [""] : [.. rules.Select(rule => rule.FindText("host") ?? "").Distinct()];
    }

    /// <summary>A problem is one line for people, whatever stands in the object.</summary>
    private static string Shorten(string message) => message.Length <= 2000 ? message : $"{message[..1000]} ... {message[^500..]}";
}
