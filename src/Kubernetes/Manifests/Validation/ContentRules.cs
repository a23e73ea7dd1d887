using System.Text;
using IngressController.Kubernetes.Manifests.Documents;
using IngressController.Kubernetes.Wire;

namespace IngressController.Kubernetes.Manifests.Validation;

/// <summary>The rules for Secret, ConfigMap and Namespace (pkg/apis/core/validation).</summary>
internal static class ContentRules
{
    private const int MaximumBytes = 1024 * 1024;

    private static readonly FieldPath Data = FieldPath.Root.Child("data");

    public static void Check(Secret secret, FieldErrors errors)
    {
        MetadataRules.Check(secret.Metadata, isNamespaced: true, NameRules.DnsSubdomain, errors);
        var (keys, bytes) = (new HashSet<string>(StringComparer.Ordinal), 0L);
        foreach (var (key, text) in secret.Data.OrZero())
        {
            CheckBase64(text, Data.Key(key), errors);
            CheckKey(key, keys, errors);
            bytes += text.Length * 3L / 4;
        }

        foreach (var (key, text) in secret.StringData.OrZero())
        {
            CheckKey(key, keys, errors);
            bytes += Encoding.UTF8.GetByteCount(text);
        }

        CheckSize(bytes, errors);
        foreach (var key in secret.Type == "kubernetes.io/tls" ? new[] { "tls.crt", "tls.key" } : [])
        {
            if (!keys.Contains(key))
            {
                errors.Required(Data.Key(key));
            }
        }
    }

    public static void Check(ConfigMap configMap, FieldErrors errors)
    {
        MetadataRules.Check(configMap.Metadata, isNamespaced: true, NameRules.DnsSubdomain, errors);
        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (key, _) in configMap.Data.OrZero())
        {
            CheckKey(key, keys, errors);
        }

        CheckSize(configMap.Data.OrZero().Sum(entry => (long)Encoding.UTF8.GetByteCount(entry.Value)), errors);
    }

    public static void Check(Namespace @namespace, FieldErrors errors) =>
        MetadataRules.Check(@namespace.Metadata, isNamespaced: false, NameRules.DnsLabel, errors);

    private static void CheckKey(string key, HashSet<string> keys, FieldErrors errors)
    {
        if (keys.Add(key))
        {
            errors.Invalid(Data.Key(key), key, NameRules.ConfigMapKey(key));
        }
    }

    private static void CheckBase64(string text, FieldPath path, FieldErrors errors)
    {
        if (GoText.FindBase64Error(text) is { } offset)
        {
            errors.Add(path, $"illegal base64 data at input byte {offset}", "Encode the value as base64, or write it under stringData");
        }
    }

    private static void CheckSize(long bytes, FieldErrors errors)
    {
        if (bytes > MaximumBytes)
        {
            errors.TooLong(Data, MaximumBytes);
        }
    }
}
