using System.Globalization;
using IngressController.Cluster;
using IngressController.Kubernetes.Manifests.Documents;

namespace IngressController.Kubernetes.Manifests.Validation;

/// <param name="Path">The field that the API server names.</param>
/// <param name="At">Where it stands, if that can be said more exactly, for the line.</param>
internal sealed record FieldError(FieldPath Path, string Message, string Cure, Severity Severity, FieldPath At);

/// <summary>Collects what the API server would say, in its words (apimachinery's util/validation/field).</summary>
internal sealed class FieldErrors
{
    /// <summary>Somebody may have more to read than anybody wants to.</summary>
    private const int Most = 50;

    private readonly List<FieldError> errors = [];
    private int more;

    /// <summary>The first ones, and how many more there are.</summary>
    public IEnumerable<FieldError> Errors => more == 0 ? errors
        : errors.Append(new(FieldPath.Root, $"{more} more mistakes in this object", "", IsRefused ? Severity.Error : Severity.Warning, FieldPath.Root));

    public bool IsRefused { get; private set; }

    public void Add(FieldPath path, string message, string cure = "", Severity severity = Severity.Error, FieldPath? at = null)
    {
        IsRefused |= severity == Severity.Error;
        if (errors.Count < Most)
        {
            errors.Add(new(path, message, cure, severity, at ?? path));
        }
        else
        {
            more++;
        }
    }

    public void Invalid(FieldPath path, string value, string detail, FieldPath? at = null) =>
        Add(path, $"Invalid value: {GoText.Quote(value)}: {detail}", at: at);

    public void Invalid(FieldPath path, int value, string detail) =>
        Add(path, $"Invalid value: {value.ToString(CultureInfo.InvariantCulture)}: {detail}");

    /// <param name="details">What is wrong with the value; nothing where it is right.</param>
    public void Invalid(FieldPath path, string value, IEnumerable<string> details, FieldPath? at = null, string cure = "")
    {
        foreach (var detail in details)
        {
            Add(path, $"Invalid value: {GoText.Quote(value)}: {detail}", cure, at: at);
        }
    }

    public void Required(FieldPath path, string detail = "") => Add(path, detail.Length == 0 ? "Required value" : $"Required value: {detail}");

    public void Forbidden(FieldPath path, string detail) => Add(path, $"Forbidden: {detail}");

    /// <param name="value">As Go prints it.</param>
    public void Duplicate(FieldPath path, string value) => Add(path, $"Duplicate value: {value}");

    public void NotSupported(FieldPath path, string value, params IEnumerable<string> supported) =>
        Add(path, $"Unsupported value: {GoText.Quote(value)}: supported values: {string.Join(", ", supported.Select(GoText.Quote))}");

    public void TooLong(FieldPath path, int maximumBytes) => Add(path, $"Too long: may not be more than {maximumBytes} bytes");

    public void TooMany(FieldPath path, int count, int maximum) => Add(path, $"Too many: {count}: must have at most {maximum} items");
}
