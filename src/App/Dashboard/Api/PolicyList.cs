using System.Globalization;
using IngressController.Routing.Model;

namespace IngressController.App.Dashboard.Api;

/// <summary>What a route asks beyond being found, in words and in the order in which it acts.</summary>
internal static class PolicyList
{
    public static IEnumerable<PolicyItem> Of(View view, Route route)
    {
        if (HostPage.IsRedirected(view, route))
        {
            yield return new("redirect to https", route.Policies.Redirect == HttpsRedirect.Always ? "always" : "because the host has TLS");
        }

        if (view.Model.Tls.GetValueOrDefault(route.Host)?.Clients is { } clients)
        {
            yield return new("client certificates", $"{UseOf(clients)}, by the authorities in Secret {clients.Secret}");
        }

        if (route.Policies.MaxBodySize is { } size)
        {
            yield return new("max body size", string.Create(CultureInfo.InvariantCulture, $"{size} bytes"));
        }

        if (route.Backend is { Policy: var policy })
        {
            foreach (var item in Of(policy))
            {
                yield return item;
            }
        }

        if (route.Policies.StrictTransportSecurity is { } value)
        {
            yield return new("strict transport security", value);
        }
    }

    /// <summary>How a backend is used.</summary>
    public static IEnumerable<PolicyItem> Of(UpstreamPolicy policy)
    {
        yield return new("balancing", ApiJson.Word(policy.Balancing));
        yield return new("connect timeout", DurationText.Of(policy.ConnectTimeout));
        yield return new("idle timeout", DurationText.Of(policy.IdleTimeout));
        if (policy.ProxyProtocol != ProxyProtocolVersion.None)
        {
            yield return new("proxy protocol", ApiJson.Word(policy.ProxyProtocol));
        }

        if (policy.Protocol is { } protocol)
        {
            yield return new("protocol", ApiJson.Word(protocol));
        }

        if (policy.Tls != UpstreamTls.Default)
        {
            yield return new("TLS to the backend", TextOf(policy.Tls));
        }
    }

    private static string TextOf(UpstreamTls tls) => string.Join(
        ", ",
        new[]
        {
            tls.Verifies ? "verified" : "not verified",
            tls.Secret is { } secret ? $"with Secret {secret}" : "",
            tls.Name is { } name ? $"as {name}" : "",
            tls.ServerName is { Length: > 0 } server ? $"SNI {server}" : tls.ServerName is "" ? "without SNI" : "",
        }.Where(text => text.Length > 0));

    private static string UseOf(ClientVerification clients) =>
        clients.Refusal is not null ? "refused: whom to trust cannot be read" : clients.Use switch
        {
            ClientCertificateUse.Required => "required",
            ClientCertificateUse.Optional => "optional",
            _ => "optional, whoever vouches for them",
        };
}
