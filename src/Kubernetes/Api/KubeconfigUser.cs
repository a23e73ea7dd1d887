using IngressController.Kubernetes.Api.Identity;
using IngressController.Kubernetes.Wire;

namespace IngressController.Kubernetes.Api;

/// <summary>A user of a kubeconfig: how it shows who it is.</summary>
internal sealed class KubeconfigUser(Kubeconfig.Entry entry)
{
    /// <summary>.NET sends several groups in one line, which the server takes for one group: half an impersonation is worse than none.</summary>
    private static readonly string[] Impersonation = ["as", "as-uid", "as-groups", "as-user-extra"];

    /// <param name="cluster">May have something for the exec plugin.</param>
    /// <exception cref="ConnectionException">What the user says cannot be used.</exception>
    public ApiConnection Identify(ApiConnection connection, Kubeconfig.Entry cluster)
    {
        if (entry.Node.Find("auth-provider") is not null)
        {
            throw new ConnectionException($"{entry.Where}: auth-provider is not supported, nor is it by kubectl since 1.26. Use exec, a token or a client certificate");
        }

        if (Impersonation.FirstOrDefault(field => entry.Node.Find(field) is not null) is { } impersonation)
        {
            throw new ConnectionException($"{entry.Where}: {impersonation} is not supported. Be the user that it names, by a token or a client certificate of its own");
        }

        return connection with { Credentials = Credentials(connection, cluster) };
    }

    private ICredentialSource Credentials(ApiConnection connection, Kubeconfig.Entry cluster)
    {
        var configured = Configured();
        return configured.IsEmpty && entry.Node.Find("exec")?.Value is { } exec
            ? new ExecCredentials(ExecPlugin.Read(entry with { Node = exec, Where = $"exec of {entry.Where}" }, connection, cluster))
            : configured.Checked();
    }

    private ConfiguredCredentials Configured()
    {
        var (certificate, key) = (entry.Material("client-certificate"), entry.Material("client-key"));
        if (certificate is null != key is null)
        {
            throw new ConnectionException($"{entry.Where}: client-certificate and client-key belong together. Add {(key is null ? "client-key" : "client-certificate")}");
        }

        var tokenFile = entry.Text("tokenFile") is { } file ? Material.OfFile(entry.Resolve(file)) : null;
        var (token, name, password) = (entry.Text("token"), entry.Text("username"), entry.Text("password"));
        if (token is not null && (name ?? password) is not null)
        {
            throw new ConnectionException($"{entry.Where}: it has a token and a password. Remove one");
        }

        return new()
        {
            Where = entry.Where,
            Token = tokenFile ?? (token is null ? null : Material.OfText(token)),
            FallbackToken = tokenFile is null ? null : token,
            User = (name ?? password) is null ? null : (name ?? "", password ?? ""),
            Certificate = certificate,
            Key = key,
        };
    }
}
