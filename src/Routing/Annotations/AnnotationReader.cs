using System.Globalization;
using IngressController.Cluster;
using IngressController.Cluster.Resources;

namespace IngressController.Routing.Annotations;

/// <summary>
/// The annotations of one Ingress under our two prefixes. A value that cannot be read counts as absent and becomes a problem, as ingress-nginx
/// swallows it; a policy that protects something must refuse instead.
/// </summary>
internal sealed class AnnotationReader(Ingress ingress, List<Problem> problems)
{
    /// <summary>Ours; wins where both are set.</summary>
    public const string OwnPrefix = "yarp.ingress.kubernetes.io/";

    public const string NginxPrefix = "nginx.ingress.kubernetes.io/";

    public string? Text(string name)
    {
        var value = ingress.Metadata.Annotations.GetValueOrDefault(OwnPrefix + name)
            ?? ingress.Metadata.Annotations.GetValueOrDefault(NginxPrefix + name);
        return string.IsNullOrWhiteSpace(value) ? null : value.Trim();
    }

    /// <summary>Go's ParseBool, as ingress-nginx reads it.</summary>
    public bool? Boolean(string name)
    {
        switch (Text(name))
        {
            case null:
                return null;
            case "1" or "t" or "T" or "TRUE" or "true" or "True":
                return true;
            case "0" or "f" or "F" or "FALSE" or "false" or "False":
                return false;
            default:
                Invalid(name, "it must be \"true\" or \"false\"");
                return null;
        }
    }

    /// <summary>A whole number of seconds from 1 on, without a unit.</summary>
    public TimeSpan? Seconds(string name, int most)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds > 0 && seconds <= most)
        {
            return TimeSpan.FromSeconds(seconds);
        }

        Invalid(name, $"it must be a whole number of seconds from 1 to {most}, without a unit");
        return null;
    }

    /// <summary>One of a closed set of words, whatever their case.</summary>
    public T? Choice<T>(string name, params ReadOnlySpan<(string Word, T Meaning)> choices)
        where T : struct
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        var words = new List<string>(choices.Length);
        foreach (var (word, meaning) in choices)
        {
            if (word.Equals(text, StringComparison.OrdinalIgnoreCase))
            {
                return meaning;
            }

            words.Add(word);
        }

        Invalid(name, $"it must be one of {string.Join(", ", words)}");
        return null;
    }

    /// <summary>A whole number between two others, which may be it too.</summary>
    public int? Number(string name, int least, int most)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return number;
        }

        Invalid(name, $"it must be a whole number from {least} to {most}");
        return null;
    }

    /// <summary>A DNS name.</summary>
    public string? Host(string name)
    {
        if (Text(name)?.ToLowerInvariant() is not { } text || DnsName.IsSubdomain(text))
        {
            return Text(name)?.ToLowerInvariant();
        }

        Invalid(name, "it must be a DNS name");
        return null;
    }

    /// <summary>An absolute http or https URL.</summary>
    public string? Url(string name)
    {
        if (Text(name) is not { } text || (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && !text.AsSpan().ContainsAnyExceptInRange('!', '~')))
        {
            return Text(name);
        }

        Invalid(name, "it must be an http or https URL");
        return null;
    }

    /// <summary>
    /// A Secret as <c>NAME</c> or <c>NAMESPACE/NAME</c>. Only of the Ingress's own namespace: otherwise whoever writes Ingresses could use everybody's.
    /// It protects something, so where it cannot be used that is an error and not a default.
    /// </summary>
    public NamespacedName? OwnSecret(string name, Ingress owner)
    {
        var @namespace = owner.Metadata.Name.Namespace;
        var text = Text(name);
        if (text is not null && NamespacedName.InAnnotation(text, @namespace) is { } secret && secret.Namespace == @namespace)
        {
            return secret;
        }

        Report(
            ProblemCode.AnnotationRefused, Severity.Error, FullName(name),
            $"{(text is null ? "it is missing, and would name the" : $"{text} is no")} Secret of the namespace {@namespace}; all paths of this Ingress answer 503", "Name a Secret of the Ingress's own namespace");
        return null;
    }

    /// <param name="fullName">With its prefix.</param>
    public void Report(ProblemCode code, Severity severity, string fullName, string message, string cure = "") =>
        problems.Add(new(code, severity, ingress.Key, $"metadata.annotations[{fullName}]", message, cure));

    /// <summary>The name under which <see cref="Text"/> finds the value.</summary>
    public string FullName(string name) =>
        string.IsNullOrEmpty(ingress.Metadata.Annotations.GetValueOrDefault(OwnPrefix + name)) ? NginxPrefix + name : OwnPrefix + name;

    private void Invalid(string name, string rule) =>
        Report(ProblemCode.AnnotationInvalid, Severity.Warning, FullName(name), $"the value {Text(name)} cannot be read, so the default is used: {rule}");
}
