using System.Text;

namespace IngressController.Cluster;

public enum Severity
{
    /// <summary>Everything is served, but not quite as the object asks.</summary>
    Warning,

    /// <summary>Something that the object asks for is not served.</summary>
    Error,
}

/// <summary>What is wrong with somebody's object, and the cure. Expected trouble is a value, never an exception.</summary>
/// <param name="Object">The object at fault; null where a file cannot be read so far as to know.</param>
/// <param name="Field">The field at fault as the API server writes it, e.g. <c>spec.rules[0].host</c>; empty for the whole object.</param>
/// <param name="Message">One sentence that says what is wrong, without a full stop.</param>
/// <param name="Cure">One sentence that says what to do; empty where the message says it.</param>
/// <param name="File">The manifest's path relative to the directory, in directory mode; empty otherwise.</param>
/// <param name="Line">The line in that file, counted from 1; 0 where it is not known.</param>
/// <param name="Hosts">Of an Ingress that nobody reads for this: the hosts of its rules as they are written, an empty one where it takes any host. Otherwise empty.</param>
/// <param name="Certificate">The Secret of the certificate that it is about, whichever object names it; null where it is about none.</param>
public sealed record Problem(
    ProblemCode Code,
    Severity Severity,
    ResourceKey? Object,
    string Field,
    string Message,
    string Cure = "",
    string File = "",
    int Line = 0,
    EquatableArray<string> Hosts = default,
    NamespacedName? Certificate = null) : IComparable<Problem>
{
    /// <summary>Problems have one order everywhere: by object, field, code, then text.</summary>
    public int CompareTo(Problem? other)
    {
        if (other is null)
        {
            return 1;
        }

        var order = Nullable.Compare(Object, other.Object);
        order = order != 0 ? order : string.CompareOrdinal(File, other.File);
        order = order != 0 ? order : Line.CompareTo(other.Line);
        order = order != 0 ? order : string.CompareOrdinal(Field, other.Field);
        order = order != 0 ? order : Code.CompareTo(other.Code);
        return order != 0 ? order : string.CompareOrdinal(Message, other.Message);
    }

    /// <summary>The one line that logs and <c>check</c> print.</summary>
    public override string ToString()
    {
        var line = new StringBuilder();
        if (File.Length > 0)
        {
            line.Append(File).Append(Line > 0 ? $":{Line}" : "").Append(": ");
        }

        line.Append(Severity == Severity.Error ? "error" : "warning").Append(' ').Append(Code).Append(": ");
        if (Object is { } key)
        {
            line.Append(key).Append(Field.Length > 0 ? $" {Field}" : "").Append(": ");
        }

        return line.Append(Message).Append(Cure.Length > 0 ? $". {Cure}" : "").ToString();
    }

    public static bool operator <(Problem left, Problem right) => left.CompareTo(right) < 0;

    public static bool operator >(Problem left, Problem right) => left.CompareTo(right) > 0;

    public static bool operator <=(Problem left, Problem right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Problem left, Problem right) => left.CompareTo(right) >= 0;
}
