using System.Net.Security;
using System.Security.Authentication;
using IngressController.Proxy.Listening;

namespace IngressController.App.Cli;

/// <summary>The kinds of values that flags about TLS have.</summary>
internal static class TlsFlagValue
{
    public static string? Version(string text, out SslProtocols value)
    {
        value = text == "1.3" ? SslProtocols.Tls13 : SslProtocols.Tls12;
        return text is "1.2" or "1.3" ? null : "is not 1.2 or 1.3";
    }

    public static string? Cipher(string text, out TlsCipherSuite value) =>
        TlsCipherSuites.All.TryGetValue(text, out value) ? null : $"is not a cipher suite that may be used; there are {string.Join(", ", TlsCipherSuites.All.Keys)}";
}
