using System.Text.RegularExpressions;

namespace IngressController.Certificates.Acme.Protocol;

/// <summary>The header Link (RFC 8288).</summary>
internal static partial class Links
{
    /// <returns>What is understood of it: each relation with its target.</returns>
    public static IEnumerable<(string Relation, string Target)> Parse(string value)
    {
        foreach (Match link in Link().Matches(value))
        {
            var relation = link.Groups["quoted"].Success ? link.Groups["quoted"].Value : link.Groups["token"].Value;
            foreach (var one in relation.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                yield return (one.ToLowerInvariant(), link.Groups["target"].Value);
            }
        }
    }

    [GeneratedRegex("""<(?<target>[^<>"\s]*)>(\s*;\s*(rel\s*=\s*("(?<quoted>[^"]*)"|(?<token>[^\s;,"]+))|[\w*-]+\s*(=\s*("[^"]*"|[^\s;,"]+))?))+""", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Link();
}
