using System.Globalization;
using System.Text;
using IngressController.Kubernetes.Manifests.Documents;
using IngressController.Kubernetes.Wire;

namespace IngressController.Kubernetes.Manifests.Validation;

/// <summary>The rules for metadata of every object (apimachinery's api/validation/objectmeta.go).</summary>
internal static class MetadataRules
{
    private const int MaximumAnnotationBytes = 256 * 1024;

    private static readonly FieldPath Metadata = FieldPath.Root.Child("metadata");

    /// <param name="nameRule">The rule for the names of this kind.</param>
    public static void Check(ObjectMeta? meta, bool isNamespaced, Func<string, IEnumerable<string>> nameRule, FieldErrors errors)
    {
        if (string.IsNullOrEmpty(meta?.Name))
        {
            errors.Required(Metadata.Child("name"), "name or generateName is required");
        }
        else
        {
            errors.Invalid(Metadata.Child("name"), meta.Name, nameRule(meta.Name));
        }

        if (isNamespaced && meta?.Namespace.NullIfEmpty() is { } @namespace)
        {
            errors.Invalid(Metadata.Child("namespace"), @namespace, NameRules.DnsLabel(@namespace));
        }

        CheckTime(meta?.CreationTimestamp, Metadata.Child("creationTimestamp"), errors);
        CheckTime(meta?.DeletionTimestamp, Metadata.Child("deletionTimestamp"), errors);
        CheckLabels(meta, errors);
        CheckAnnotations(meta, errors);
    }

    private static void CheckLabels(ObjectMeta? meta, FieldErrors errors)
    {
        var labels = Metadata.Child("labels");
        foreach (var (key, value) in meta?.Labels.OrZero() ?? [])
        {
            errors.Invalid(labels, key, NameRules.QualifiedName(key), at: labels.Child(key));
            errors.Invalid(labels, value, NameRules.LabelValue(value), at: labels.Child(key));
        }
    }

    private static void CheckAnnotations(ObjectMeta? meta, FieldErrors errors)
    {
        var (annotations, bytes) = (Metadata.Child("annotations"), 0);
        foreach (var (key, value) in meta?.Annotations.OrZero() ?? [])
        {
            errors.Invalid(annotations, key, NameRules.QualifiedName(key.ToLowerInvariant()), at: annotations.Child(key));
            bytes += Encoding.UTF8.GetByteCount(key) + Encoding.UTF8.GetByteCount(value);
        }

        if (bytes > MaximumAnnotationBytes)
        {
            errors.TooLong(annotations, MaximumAnnotationBytes);
        }
    }

    private static void CheckTime(string? text, FieldPath path, FieldErrors errors)
    {
        if (!string.IsNullOrEmpty(text) && !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _))
        {
            errors.Add(path, $"parsing time {GoText.Quote(text)} as \"2006-01-02T15:04:05Z07:00\": cannot parse", "Write it as 2006-01-02T15:04:05Z");
        }
    }
}
