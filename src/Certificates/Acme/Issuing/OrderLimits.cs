using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace IngressController.Certificates.Acme.Issuing;

/// <summary>How much an authority takes, less some room to spare: what others order for the same account or hosts counts too.</summary>
/// <param name="Orders">Within the time.</param>
/// <param name="OfSameSet">Certificates for exactly the same hosts, within their time.</param>
/// <param name="MostIssued">Of so many certificates it is remembered when they were issued: more would make the Secret too large.</param>
internal sealed record OrderLimits(int Orders, TimeSpan Within, int OfSameSet, TimeSpan OfSameSetWithin, int MostIssued)
{
    /// <summary>Of letsencrypt.org/docs/rate-limits: 300 orders of an account in 3 hours, 5 certificates for the same set in 7 days.</summary>
    private static readonly OrderLimits LetsEncrypt = new(240, TimeSpan.FromHours(3), 4, TimeSpan.FromDays(7), 1500);

    /// <summary>Of others nothing is known; they say when it is too much. But whoever always says that a certificate is to be renewed now is not followed for ever.</summary>
    private static readonly OrderLimits Unknown = new(20, TimeSpan.FromSeconds(1), 10, TimeSpan.FromHours(1), 200);

    public static OrderLimits Of(Issuer issuer) => issuer.Directory.Host.EndsWith(".api.letsencrypt.org", StringComparison.OrdinalIgnoreCase) ? LetsEncrypt : Unknown;

    /// <param name="hosts">In order, each once.</param>
    /// <returns>11 letters: of a million sets two are alike once in thirty million times.</returns>
    public static string SetOf(IEnumerable<string> hosts) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', hosts))).AsSpan(0, 8));
}
