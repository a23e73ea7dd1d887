using IngressController.Cluster;

namespace IngressController.Routing.Model;

/// <summary>The host of a rule: one exact name, a wildcard <c>*.name</c>, or any host. Lower case, without port and trailing dot.</summary>
public readonly record struct HostName : IComparable<HostName>
{
    private readonly string? text;

    private HostName(string text) => this.text = text;

    /// <summary>The host of rules that name none.</summary>
    public static HostName Any => default;

    /// <summary>As a rule writes it: <c>shop.example.com</c>, <c>*.example.com</c>, or empty for any host.</summary>
    public string Text => text ?? "";

    public bool IsAny => Text.Length == 0;

    public bool IsWildcard => Text.StartsWith("*.", StringComparison.Ordinal);

    /// <summary>The one wildcard that covers it: <c>*.b.c</c> for <c>a.b.c</c>. Null for wildcards, for any host and for names of one label.</summary>
    public HostName? Wildcard => !IsWildcard && Text.IndexOf('.', StringComparison.Ordinal) is var dot and > 0 ? new HostName($"*{Text[dot..]}") : null;

    /// <summary>Reads a rule's host: a DNS name or a wildcard over one. Refuses ports, IP addresses and everything else that is not a name.</summary>
    public static bool TryParse(string? host, out HostName name)
    {
        name = Any;
        if (string.IsNullOrEmpty(host))
        {
            return true;
        }

        var lower = host.ToLowerInvariant();
        if (lower.EndsWith('.'))
        {
            lower = lower[..^1];
        }

        var labels = lower.StartsWith("*.", StringComparison.Ordinal) ? lower.AsSpan(2) : lower;
        if (!DnsName.IsSubdomain(labels) || System.Net.IPAddress.TryParse(labels, out _))
        {
            return false;
        }

        name = new HostName(lower);
        return true;
    }

    public int CompareTo(HostName other) => string.CompareOrdinal(Text, other.Text);

    public override string ToString() => IsAny ? "*" : Text;

    public static bool operator <(HostName left, HostName right) => left.CompareTo(right) < 0;

    public static bool operator >(HostName left, HostName right) => left.CompareTo(right) > 0;

    public static bool operator <=(HostName left, HostName right) => left.CompareTo(right) <= 0;

    public static bool operator >=(HostName left, HostName right) => left.CompareTo(right) >= 0;
}
