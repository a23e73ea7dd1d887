using System.Globalization;
using System.Text.Json.Nodes;
using IngressController.Kubernetes.Manifests.Documents;
using IngressController.Kubernetes.Manifests.Validation;

namespace IngressController.Testing.ApiServer.Writing;

/// <summary>metav1.MicroTime: RFC 3339 with exactly six digits after the second, which other writers of times get wrong.</summary>
internal static class Times
{
    private const string Micro = "yyyy-MM-ddTHH:mm:ss.ffffffK";

    public static void Check(JsonNode? parent, string field, FieldErrors errors)
    {
        if ((string?)parent?[field] is { } text && !DateTimeOffset.TryParseExact(text, Micro, CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
        {
            errors.Add(FieldPath.Root.Child(field), $"json: parsing time \"{text}\" as \"2006-01-02T15:04:05.000000Z07:00\": cannot parse \"{text}\"");
        }
    }
}
