namespace IngressController.Cluster;

/// <summary>Kubernetes' reading of RFC 1123 names.</summary>
public static class DnsName
{
    /// <summary>Lower-case letters, digits, '-' and '.'; every label begins and ends with a letter or digit; at most 253 characters.</summary>
    public static bool IsSubdomain(ReadOnlySpan<char> name)
    {
        if (name.IsEmpty || name.Length > 253)
        {
            return false;
        }

        foreach (var label in name.Split('.'))
        {
            if (!IsLabelOfAnyLength(name[label]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsLabelOfAnyLength(ReadOnlySpan<char> label) =>
        !label.IsEmpty
        && char.IsAsciiLetterOrDigit(label[0])
        && char.IsAsciiLetterOrDigit(label[^1])
        && !label.ContainsAnyExcept(LabelCharacters);

    private static readonly System.Buffers.SearchValues<char> LabelCharacters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");
}
