using System.Text;
using System.Text.Json.Nodes;
using IngressController.Kubernetes.Manifests.Documents;
using IngressController.Kubernetes.Manifests.Validation;

namespace IngressController.Testing.ApiServer.Writing;

/// <summary>events.k8s.io/v1 (pkg/apis/core/validation/events.go), which names some fields as the core API does.</summary>
internal static class EventRules
{
    private const int MaximumNote = 1024;
    private const int MaximumText = 128;

    private static readonly string[] Immutable = ["regarding", "reason", "note", "action", "reportingController", "reportingInstance", "type", "eventTime", "related"];

    public static void Check(JsonObject item, JsonObject? before, FieldErrors errors)
    {
        Times.Check(item, "eventTime", errors);
        Times.Check(item["series"], "lastObservedTime", errors);
        CheckNames(item, errors);
        if (TextOf(item, "eventTime").Length == 0)
        {
            errors.Required(FieldPath.Root.Child("eventTime"));
        }

        if (TextOf(item, "type") is not ("Normal" or "Warning") and var type)
        {
            errors.Invalid(FieldPath.Root.Child("type"), "", $"has invalid value: {type}");
        }

        if (Encoding.UTF8.GetByteCount(TextOf(item, "note")) > MaximumNote)
        {
            errors.Invalid(FieldPath.Root.Child("message"), "", $"can have at most {MaximumNote} characters");
        }

        if (item["series"] is { } series && ((int?)series["count"] ?? 0) < 2)
        {
            errors.Invalid(FieldPath.Root.Child("series.count"), "", "should be at least 2");
        }

        foreach (var field in before is null ? [] : Immutable.Where(field => !JsonNode.DeepEquals(item[field], before[field])))
        {
            errors.Invalid(FieldPath.Root.Child(field), item[field]?.ToString() ?? "", "field is immutable");
        }
    }

    private static void CheckNames(JsonObject item, FieldErrors errors)
    {
        var @namespace = (string?)item["metadata"]?["namespace"];
        if (((string?)item["regarding"]?["namespace"] ?? "").Length == 0 && @namespace is not ("default" or "kube-system"))
        {
            errors.Invalid(FieldPath.Root.Child("involvedObject").Child("namespace"), "", "does not match event.namespace");
        }

        errors.Invalid(FieldPath.Root.Child("reportingController"), TextOf(item, "reportingController"), NameRules.QualifiedName(TextOf(item, "reportingController")));
        foreach (var field in new[] { "reportingController", "reportingInstance", "action", "reason" })
        {
            var text = TextOf(item, field);
            if (text.Length == 0)
            {
                errors.Required(FieldPath.Root.Child(field));
            }
            else if (text.Length > MaximumText && field != "reportingController")
            {
                errors.Invalid(FieldPath.Root.Child(field), "", $"can have at most {MaximumText} characters");
            }
        }
    }

    private static string TextOf(JsonObject item, string field) => (string?)item[field] ?? "";
}
